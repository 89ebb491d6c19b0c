"""Whatever stands under a key of a mapping, it is taken or refused by a message that names the key."""

from __future__ import annotations

import copy
from datetime import date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.errors import ProtocolError
from myosotis.model.mapping import parse_mapping, read_mapping

WHOLE = {
    "missing": {"texts": ["NA"]},
    "table": [
        {"feeds": "patients", "file": "p.csv", "sheet": "S", "patient_id": "id", "header_row": 2, "last_row": 9,
         "ignore": ["Note"], "repeated": True, "may_be_empty": False, "decimal": ",", "delimiter": ";",
         "encoding": "cp1252", "date_format": ["%d.%m.%Y"],
         "columns": {"sex": {"column": "Sex", "codes": {"F": "female"}, "ignore": ["?"]},
                     "birth_date": {"column": "Born", "date_format": "%d.%m.%Y"},
                     "age_at_index": {"column": "Age", "unit": "years"}}},
        {"feeds": "observations", "layout": "one row per visit", "file": "v.csv", "patient_id": "id", "date": "Date",
         "week": {"column": "Visit", "codes": {"W4": 4}},
         "observations": {"ck": {"column": "CK", "unit": "U/L", "lower_limit": 0, "upper_limit": "ULN"}, "u": "U"}},
        {"feeds": "observations", "layout": "one row per measurement", "file": "v.csv", "patient_id": "id", "day": 0,
         "name": {"column": "n", "codes": {"C": "ck"}}, "value": "v", "unit": {"ck": "U/L"}, "upper_limit": 170},
        {"feeds": "observations", "layout": "one column per visit", "file": "v.csv", "patient_id": "id", "at": "week",
         "observation": "cmas", "unit": "points", "columns": {"a": 0, "b": 4}, "codes": {"x": 1}},
        {"feeds": "conditions", "layout": "one column per condition", "file": "c.csv", "patient_id": "id",
         "columns": {"date": "d"}, "conditions": {"ILD": {"column": "i", "codes": {"1": "present"}}}},
        {"feeds": "treatments", "file": "t.csv", "patient_id": "id",
         "columns": {"drug": {"value": "x"}, "dose": "D", "dose_unit": {"value": "mg/day"}}},
    ],
}  # fmt: skip
WRONG = [
    3, -1, 0, 2.5, float("nan"), float("inf"), True, False, "", "x", [], [3], [["x"]], [""], [None], {}, {"a": 3}, {"a": {}},
    {"column": 3}, {"column": "x", "value": 1}, {"value": [1]}, date(2020, 1, 1), datetime(2020, 1, 1), time(1), 10**400,
    {"column": "x", "codes": 3}, {"column": "x", "ignore": 3}, {"column": "x", "unit": 3}, "\x00", "é" * 300,
]  # fmt: skip


def places(part, path=()):
    items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


PLACES = list(places(WHOLE))


def changed(path, value):
    content = copy.deepcopy(WHOLE)
    part = content
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return content


def test_the_whole_mapping_is_taken():
    assert len(parse_mapping(WHOLE).tables) == 6


@settings(deadline=None, max_examples=600)
@given(path=st.sampled_from(PLACES), value=st.sampled_from(WRONG))
def test_any_value_under_any_key_is_taken_or_refused(path, value):
    try:
        parse_mapping(changed(path, value))
    except ProtocolError as refused:
        assert str(refused).startswith("mapping")  # noqa: PT017


@pytest.mark.parametrize(
    "key", ["ignore", "file", "sheet", "patient_id", "header_row", "last_row", "repeated", "may_be_empty", "decimal",
            "delimiter", "encoding", "date_format", "layout", "feeds", "columns"],
)  # fmt: skip
@pytest.mark.parametrize("value", [[3], [["Note"]], 3.5, {"a": 1}, [None]])
def test_a_key_of_a_wrong_type_is_named(key, value):
    with pytest.raises(ProtocolError, match=key):
        parse_mapping(changed(("table", 0, key), value))


@pytest.mark.parametrize(("key", "value"), [("header_row", 0), ("header_row", -3), ("last_row", 2), ("last_row", -1)])
def test_a_row_that_cannot_be_is_refused(key, value):
    with pytest.raises(ProtocolError, match=f"{key} = {value}"):
        parse_mapping(changed(("table", 0, key), value))


@pytest.mark.parametrize("path", [path for path in PLACES if isinstance(path[-1], str)], ids=str)
def test_a_whole_number_of_too_many_digits_is_refused_under_every_key(path):
    with pytest.raises(ProtocolError, match="mapping"):
        parse_mapping(changed(path, 10**400))


class TestFile:
    TEXT = '[[table]]\nfeeds = "patients"\nfile = "p.csv"\npatient_id = "id"\n'

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
    @pytest.mark.parametrize("break_", ["\n", "\r\n"])
    def test_a_byte_order_mark_and_windows_line_ends_are_read(self, tmp_path, encoding, break_):
        (tmp_path / "mapping.toml").write_bytes(self.TEXT.replace("\n", break_).encode(encoding))
        assert read_mapping(tmp_path / "mapping.toml").tables[0].file == "p.csv"

    @pytest.mark.parametrize("content", [TEXT.encode("utf-16"), b'a = "\xff"'])
    def test_another_encoding_is_told(self, tmp_path, content):
        (tmp_path / "mapping.toml").write_bytes(content)
        with pytest.raises(ProtocolError, match=r"byte \d+ is not UTF-8; save the mapping as UTF-8"):
            read_mapping(tmp_path / "mapping.toml")

    @pytest.mark.parametrize("content", [b"a = " + b"[" * 100_000, b"\x00", b"a = 1\na = 2", TEXT.encode("utf-16-le")])
    def test_what_is_not_toml_is_refused(self, tmp_path, content):
        (tmp_path / "mapping.toml").write_bytes(content)
        with pytest.raises(ProtocolError, match=r"'mapping\.toml'"):
            read_mapping(tmp_path / "mapping.toml")

    def test_a_folder_in_place_of_the_mapping_is_refused(self, tmp_path):
        (tmp_path / "mapping.toml").mkdir()
        with pytest.raises(ProtocolError, match=r"'mapping\.toml' cannot be read"):
            read_mapping(tmp_path / "mapping.toml")
