"""A delimited file that is torn, shifted or in another encoding loses no row and changes no number unsaid."""

from __future__ import annotations

import contextlib
import csv
import io
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from myosotis.core.catalogue import Catalogue
from myosotis.core.definition import Citation, Definition, Range
from myosotis.errors import DataError, MissingColumnError, MyosotisError
from myosotis.model.ledger import ledger_counts
from myosotis.model.mapping import parse_mapping
from myosotis.model.read import read_dataset
from myosotis.sources.csv import read_csv

CATALOGUE = Catalogue.of(
    *(
        Definition(
            key=key, version="1", kind="observation", label=key, citations=(Citation(text="A chart"),),
            missing="no value", type="number", unit=unit, range=Range(low=0),
        )
        for key, unit in (("cmas", "points"), ("ck", "U/L"))
    )
)  # fmt: skip
HEADER = "Patient,Date,Note,CMAS,CK"
LINES = [
    "A1,2020-01-01,,41,93.5", "A1,2020-01-29,tired,46,120", "B2,2020-02-01,,29,400", 'B2,2020-02-29,"a, b",44,150',
]  # fmt: skip
VISITS = {
    "feeds": "observations", "layout": "one row per visit", "file": "v.csv", "patient_id": "Patient", "date": "Date",
    "ignore": ["Note"],
    "observations": {"cmas": {"column": "CMAS", "unit": "points"}, "ck": {"column": "CK", "unit": "U/L"}},
}  # fmt: skip
PATIENTS = {"feeds": "patients", "file": "p.csv", "patient_id": "id", "columns": {"sex": "sex"}}


def text(header=HEADER, lines=LINES, end="\n"):
    return "\n".join([header, *lines]) + end


def read(content, saved="utf-8", /, **more):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "p.csv").write_text("id,sex\nA1,female\nB2,male\n", encoding="utf-8")
        content = content.encode(saved) if isinstance(content, str) else content
        (Path(folder) / "v.csv").write_bytes(content)
        mapping = parse_mapping({"table": [PATIENTS, {**VISITS, **more}]})
        return read_dataset(folder, mapping, CATALOGUE, today=date(2026, 1, 1))


def numbers(dataset):
    rows = dataset.observations.to_pylist()
    return {(r["patient_id"], r["date"].isoformat(), r["name"], r["number"]) for r in rows}


def cells(content, header_row=1):
    rows = list(csv.reader(io.StringIO(content, newline="")))
    return sum(bool(cell.strip()) for row in rows[header_row:] for cell in row)


def adds_up(dataset, content):
    (count,) = [count for count in ledger_counts(dataset) if count.source == "v.csv"]
    return count.used + count.converted + count.ignored + count.rejected == count.cells == cells(content)


def told(dataset, rule):
    (finding,) = [finding for finding in dataset.findings if finding.rule == rule]
    return finding


TRUTH = numbers(read(text()))


def test_the_whole_file_has_nothing_to_tell():
    dataset = read(text())
    assert dataset.findings == ()
    assert len(TRUTH) == 8


@settings(deadline=None, max_examples=200)
@given(at=st.integers(0, len(text()) - 1), add=st.booleans())
def test_a_delimiter_lost_or_added_anywhere_changes_no_number(at, add):
    whole = text()
    if not add:
        at = whole.find(",", at)
        if at < 0:
            return
    content = whole[:at] + ("," if add else "") + whole[at + (not add) :]
    try:
        dataset = read(content, delimiter=",")
    except MyosotisError:
        return
    assert adds_up(dataset, content)
    assert numbers(dataset) <= TRUTH
    if numbers(dataset) < TRUTH:
        assert any(finding.severity == "error" for finding in dataset.findings)


@settings(deadline=None, max_examples=100)
@given(at=st.integers(1, len(text()) - 1))
def test_a_file_cut_anywhere_says_so(at):
    content = text()[:at]
    try:
        dataset = read(content, delimiter=",")
    except MyosotisError:
        return
    assert adds_up(dataset, content)
    if content.endswith("\n"):
        assert numbers(dataset) <= TRUTH
    else:
        assert dataset.findings


@settings(deadline=None, max_examples=60)
@given(rows=st.lists(st.lists(st.sampled_from(["", "A1", "2020-01-01", "7"]), min_size=1, max_size=8), min_size=1))
def test_rows_of_any_width_are_counted_and_those_of_another_width_told(rows):
    content = text(lines=[",".join(row) for row in rows])
    try:
        dataset = read(content, delimiter=",")
    except MyosotisError:
        return
    assert adds_up(dataset, content)
    odd = {i for i, row in enumerate(rows, start=2) if any(row) and len(row) != 5}
    if odd:
        rules = {finding.rule for finding in dataset.findings}
        assert rules & {"another number of fields", "one field more on every row"}


def test_a_decimal_comma_without_quotes_is_told_with_its_row_and_nothing_of_the_row_is_used():
    dataset = read(text(lines=["A1,2020-01-01,,41,93,5", *LINES[1:]]))
    finding = told(dataset, "another number of fields")
    assert (finding.severity, finding.source_row) == ("error", 2)
    assert "row 2: found 6 fields, expected the 5 of the header" in finding.message
    assert numbers(dataset) == {one for one in TRUTH if one[1] != "2020-01-01"}
    fates = {x["fate"] for x in dataset.ledger.to_pylist() if x["source"] == "v.csv" and x["source_row"] == 2}
    assert fates == {"rejected"}


@pytest.mark.parametrize("line", ["A1,2020-01-01,,41,", "A1,2020-01-01,,41,,", "A1,2020-01-01,,41", "A1"])
def test_a_blank_field_too_many_or_too_few_is_an_error_as_a_filled_one_is(line):
    dataset = read(text(lines=[line, *LINES[1:]]))
    odd = line.count(",") != 4
    assert ([f.rule for f in dataset.findings] == ["another number of fields"]) is odd
    assert (("A1", "2020-01-01", "cmas", 41) in numbers(dataset)) is not odd


def test_a_value_added_behind_a_blank_last_column_is_rejected_and_the_others_stand():
    header, lines = "Patient,Date,CMAS,CK,Note", ["A1,2020-01-01,41,93.5,", "A1,2020-01-29,46,120,,77"]
    dataset = read(text(header, lines))
    assert told(dataset, "another number of fields").source_row == 3
    assert ("A1", "2020-01-29", "cmas", 46) in numbers(dataset)
    # Where the blanks allow that a field was split, nothing of the row is used.
    for shifted in ("A1,2020-01-29,46,1,20,77", "A1,2020-01-29,46,,20,77", "A1,2020-01-29,46,120,,"):
        assert numbers(read(text(header, [lines[0], shifted]))) == {one for one in TRUTH if one[1] == "2020-01-01"}
    noted = read(text(header, ["A1,2020-01-01,41,93.5,well", "B2,2020-02-01,29,400,", "A1,2020-01-29,46,120,,77"]))
    assert told(noted, "another number of fields").source_row == 4
    assert numbers(noted) == {one for one in TRUTH if one[1] in ("2020-01-01", "2020-02-01")}


def test_one_delimiter_more_on_every_row_leaves_the_columns_and_is_said():
    dataset = read(text(lines=[line + "," for line in LINES]))
    assert numbers(dataset) == TRUTH
    assert told(dataset, "one field more on every row").severity == "warning"
    dataset = read(text(header=HEADER + ","))
    assert (numbers(dataset), dataset.findings) == (TRUTH, ())


@pytest.mark.parametrize("header", [HEADER, "Patient,Date,CMAS,CK,Note"])
def test_one_field_more_on_every_row_is_an_error_where_it_may_be_a_decimal_comma(header):
    tail = "," if header.endswith("Note") else ""
    lines = [f"A1,2020-01-0{i},{tail and 41},{i},5,{tail and ''}" for i in range(1, 5)]
    dataset = read(text(header, lines))
    assert numbers(dataset) == set()
    assert told(dataset, "another number of fields").count == 4
    # No comma parts these fields, so that none can be a decimal comma.
    dataset = read(text(header, lines).replace(",", ";"))
    assert told(dataset, "one field more on every row").severity == "warning"


def test_a_last_row_without_a_line_end_is_noted():
    dataset = read(text(end=""))
    assert numbers(dataset) == TRUTH
    assert (told(dataset, "no line end").severity, told(dataset, "no line end").source_row) == ("note", 5)


@pytest.mark.parametrize("title", ["Report of 2020", "Report of 2020,,", "Report of 2020\n", '"Report, all"\n\n'])
def test_a_title_above_the_header_is_answered_with_the_row_of_the_columns(title):
    content = title + "\n" + text()
    row = title.count("\n") + 2
    with pytest.raises(MissingColumnError, match=rf"columns are in row {row}.*set header_row = {row}"):
        read(content)
    assert numbers(read(content, header_row=row)) == TRUTH


def test_a_header_row_that_is_too_low_is_answered_too():
    with pytest.raises(MissingColumnError, match="set header_row = 1 in"):
        read(text(), header_row=2)


def test_a_header_that_is_repeated_below_is_not_taken_for_a_lower_one():
    with pytest.raises(MissingColumnError, match="no column 'CRP'"):
        read(text(lines=[*LINES, HEADER]), observations={"ck": {"column": "CRP", "unit": "U/L"}})


def test_a_field_longer_than_any_is_refused_with_its_row_and_not_quoted():
    long = 'B2,2020-01-02,"see\nbelow",1,1\nB2,2020-01-03,' + "zebra" * 30_000 + ",1,1"
    with pytest.raises(
        DataError, match=r"'v.csv': row 7 \(it begins in line 8\) holds a field of more than 131072 "
    ) as e:
        read(text(lines=[*LINES, long]))
    assert "shorten the text" in str(e.value)
    assert "zebra" not in str(e.value)
    with pytest.raises(DataError, match="row 1 holds a field of more than 131072 characters"):
        read(text(header=HEADER + "zebra" * 30_000))


def test_quotes_that_never_close_are_told_with_the_row_that_opens_them():
    with pytest.raises(DataError, match=r"row 3 opens quotes that no line after it closes.*check the quotes"):
        read(text(lines=[LINES[0], LINES[1].replace("tired", '"tired'), *LINES[2:3]]))


def test_one_row_that_reaches_far_beyond_the_others_is_refused_with_its_row():
    with pytest.raises(DataError, match=r"'v\.csv': row 6 reaches over 3500005 columns"):
        read(text(lines=[*LINES, "," * 3_500_004 + "x"]), delimiter=",")


def test_a_title_without_the_delimiter_does_not_hide_the_delimiter():
    content = "Report of 2020\n" + text().replace('"a, b"', "ab").replace(",", ";")
    with pytest.raises(MissingColumnError, match="set header_row = 2 in"):
        read(content)
    assert numbers(read(content, header_row=2)) == TRUTH


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
    @pytest.mark.parametrize("break_", ["\n", "\r\n", "\r"])
    def test_a_declared_encoding_gives_the_same_numbers(self, encoding, break_):
        content = text().replace("tired", "müde").replace("\n", break_)
        assert numbers(read(content, encoding, encoding=encoding)) == TRUTH

    @pytest.mark.parametrize(
        ("encoding", "declare"),
        [("utf-16", 'encoding = "utf-16"'), ("utf-32", 'encoding = "utf-32"'), ("utf-16-le", 'encoding = "utf-16-le"'),
         ("utf-16-be", "another encoding")],
    )  # fmt: skip
    def test_a_wider_encoding_that_is_not_declared_is_named(self, encoding, declare):
        with pytest.raises(DataError, match=declare):
            read(text(), encoding)

    @pytest.mark.parametrize(
        ("encoding", "declared"), [("utf-8-sig", "cp1252"), ("utf-16", "utf-8"), ("utf-16", "cp1252")]
    )
    def test_a_mark_that_contradicts_the_mapping_is_told(self, encoding, declared):
        with pytest.raises(DataError, match="begins with the mark of utf-"):
            read(text(), encoding, encoding=declared)

    @pytest.mark.parametrize(
        "encoding", ["undefined", "hex", "rot13", "base64", "zip", "idna", "punycode", "unicode_escape", "utf-7", "nö",
                     "x" * 300, "raw_unicode_escape", "utf\x008", "mbcs", "oem"],
    )  # fmt: skip
    def test_what_is_no_encoding_of_text_files_is_refused_by_name(self, encoding):
        with pytest.raises(DataError, match=r"the encoding .* is unknown, or none of text files"):
            read(text(), encoding=encoding)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig", "ascii", "shift_jis", "gb18030"])
    def test_bytes_of_another_encoding_name_the_file_and_the_key(self, encoding):
        content = text().encode() + b"B2,2020-02-29,\xff\xff\xff,1,1\n"
        with pytest.raises(DataError, match=r"'v.csv'.*encoding"):
            read(content, encoding=encoding)

    def test_a_character_of_value_zero_is_told_with_its_line(self):
        with pytest.raises(DataError, match=r"'v\.csv': line 3 holds a character of value 0"):
            read(text(lines=[LINES[0], "A1,2020-01-29,\x00,46,120"]))

    @settings(deadline=None, max_examples=100)
    @given(
        content=st.binary(max_size=80), encoding=st.sampled_from(["utf-8", "utf-16", "cp1252", "shift_jis", "utf-32"])
    )
    def test_any_bytes_are_read_or_refused(self, tmp_path_factory, content, encoding):
        path = tmp_path_factory.mktemp("bytes") / "a.csv"
        path.write_bytes(content)
        with contextlib.suppress(DataError):
            read_csv(path, file="a.csv", encoding=encoding)[0].sheet()


class TestFiles:
    @pytest.mark.parametrize("file", ["a" * 300 + ".csv", "a\x00b.csv", "x/" * 3000 + "v.csv", "v.csv/v.csv", "..csv"])
    def test_a_name_that_no_file_can_have_is_no_file(self, file):
        with pytest.raises(DataError, match="there is no file"):
            read(text(), file=file)

    @pytest.mark.parametrize("file", ["../v.csv", "/etc/hosts.csv", "data/../../v.csv", "out/v.csv", "link.csv"])
    def test_a_file_outside_the_study_is_refused_and_its_place_not_told(self, tmp_path, file):
        study, beside = tmp_path / "study", tmp_path / "beside"
        study.mkdir()
        beside.mkdir()
        (beside / "v.csv").write_text(text())
        (tmp_path / "v.csv").write_text(text())
        (study / "out").symlink_to(beside)
        (study / "link.csv").symlink_to(beside / "v.csv")
        mapping = parse_mapping({"table": [{**PATIENTS, "file": file}]})
        with pytest.raises(MyosotisError, match="outside the study folder") as refused:
            read_dataset(study, mapping, CATALOGUE)
        assert str(tmp_path) not in str(refused.value)

    def test_a_file_named_by_way_of_a_folder_inside_is_read(self, tmp_path):
        (tmp_path / "data").mkdir()
        (tmp_path / "p.csv").write_text("id,sex\na,female\n")
        mapping = parse_mapping({"table": [{**PATIENTS, "file": "data/../p.csv"}]})
        assert read_dataset(tmp_path, mapping, CATALOGUE).patients.num_rows == 1

    def test_rows_below_the_declared_last_one_are_ignored_and_counted(self):
        content = text(lines=[*LINES, "Total,,,160,", "", "* F: female"])
        assert read(content).findings != ()
        dataset = read(content, last_row=5)
        assert numbers(dataset) == TRUTH
        assert [f.rule for f in dataset.findings] == ["below the last row"]
        assert told(dataset, "below the last row").count == 3
        assert adds_up(dataset, content)
        fates = [x["reason"] for x in dataset.ledger.to_pylist() if x["source_row"] > 5]
        assert fates == ["below the last row"] * 3
