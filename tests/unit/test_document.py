"""A document that is no protocol is refused with the place; nothing in it is executed."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from myosotis.analysis import Share
from myosotis.document import document_of, from_document, to_document
from myosotis.errors import ProtocolError
from myosotis.language import baseline_window
from myosotis.language.expression import Constant
from myosotis.loading import load_protocol
from myosotis.measures.jdm.instruments import cmas
from myosotis.protocol import Protocol
from myosotis.study import Population

STUDIES = Path(__file__).parents[2] / "examples"
WEEK_0 = baseline_window(days=28)


@pytest.fixture(scope="module")
def protocol():
    return load_protocol(STUDIES / "rheumatoid_arthritis")


@pytest.fixture
def document(protocol):
    return json.loads(protocol.to_json())


def refused(document, told):
    with pytest.raises(ProtocolError) as caught:
        from_document(document, Protocol)
    assert told in str(caught.value)
    return str(caught.value)


def test_what_is_there_twice_is_written_once_and_what_has_a_default_is_left_out(document):
    assert document["protocol"]["analyses"][1]["outcomes"][0]["value"] == {"use": "DAS28 (2)"}
    assert document["shared"]["DAS28 (2)"]["window"] == {"is": "Visit"}
    assert "populations" not in document["protocol"]
    assert "note" not in document["protocol"]["analyses"][0]


def test_a_definition_of_the_catalogue_stands_by_key_version_and_fingerprint(protocol):
    share = Share(key="s", label="s", criterion=cmas.at(WEEK_0).recorded())
    assert "52" not in json.dumps(to_document(share)["protocol"])
    rule = to_document(load_protocol(STUDIES / "baricitinib_jdm").eligibility.include[0])
    measure = rule["protocol"]["criterion"]["of"]
    assert (measure["is"], measure["key"]) == ("measure", "bohan_peter_1975_at_least_probable")
    assert len(measure["fingerprint"]) >= 12


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda d: d.update(format="myosotis protocol 99"), "the document is of the format 'myosotis protocol 99'"),
        (lambda d: d.pop("format"), "the document is of the format None"),
        (lambda d: d.update(protocol=3), "the document holds a int; expected a Protocol"),
        (lambda d: d.update(protocol=d["protocol"]["eligibility"]), "the document holds a Eligibility; expected a Protocol"),
        (lambda d: d["protocol"].update(seeed=3), "protocol: Protocol has no 'seeed'; did you mean 'seed'"),
        (lambda d: d["protocol"].pop("seed"), "protocol: Protocol is not whole"),
        (lambda d: d["protocol"].update(seed="3"), "protocol: Protocol 'rheumatoid-arthritis': seed is '3'"),
        (lambda d: d["protocol"]["analyses"][0].update({"is": "Characteristic"}),
         "analyses, 1: there is no kind 'Characteristic'; did you mean 'Characteristics'"),
        (lambda d: d["protocol"]["analyses"][0].update({"is": ["x"]}), "analyses, 1: there is no kind ['x']"),
        (lambda d: d["protocol"]["analyses"][0]["lines"][0]["criterion"].update(texts=["femal"]),
         "analyses, 1, lines, 1, criterion: "),
        (lambda d: d["protocol"]["windows"].insert(0, {"use": "DAS29"}),
         "windows, 1: nothing shared is called 'DAS29'; did you mean"),
        (lambda d: d["protocol"]["windows"].insert(0, {"use": {"a": 1}}), "windows, 1: nothing shared is called"),
        (lambda d: d["protocol"].update(index={"is": "date", "day": "20-1-1"}),
         "index: the date is '20-1-1'; write it as 2020-01-31"),
        (lambda d: d["shared"].update({"DAS28": {"use": "DAS28"}}), "'DAS28' uses itself; write it out"),
        (lambda d: d["shared"].update({"DAS28": {"use": "a"}, "a": [{"use": "DAS28"}]}),
         "'DAS28' uses itself; write it out"),
        (lambda d: d.update(shared=["month 0"]), "shared"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_document_is_told_with_its_place(document, change, told):
    change(document)
    refused(document, told)


def test_a_definition_in_another_version_is_refused_with_both_versions():
    document = json.loads(load_protocol(STUDIES / "baricitinib_jdm").to_json())
    text = json.dumps(document).replace('"key": "cmas", "version": "', '"key": "cmas", "version": "9')
    names = [key for key in ("bohan_peter_1975_at_least_probable", "refractory_jdm") if key in text]
    assert names
    for part in _records(document, "measure"):
        part["version"] = "77"
    told = refused(document, "was written with the measure")
    assert "version 77" in told
    assert "this catalogue holds version" in told


def test_a_definition_whose_rule_changed_under_its_version_is_refused():
    document = json.loads(load_protocol(STUDIES / "baricitinib_jdm").to_json())
    for part in _records(document, "measure"):
        part["fingerprint"] = "0" * 12
    refused(document, "says something else")


def test_a_definition_that_the_catalogue_does_not_hold_is_refused_with_the_nearest():
    document = json.loads(load_protocol(STUDIES / "baricitinib_jdm").to_json())
    for part in _records(document, "measure"):
        part["key"] += "s"
    refused(document, "did you mean")


def _records(data, kind):
    if isinstance(data, dict):
        if data.get("is") == kind:
            yield data
        data = list(data.values())
    if isinstance(data, list):
        for part in data:
            yield from _records(part, kind)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "line 1, column 2: this is no JSON"),
        ('{"a": 1,\n "a": 2}', "the key 'a' is there twice"),
        ('{"a": NaN}', "the document holds NaN, which is no number"),
        ('{"a": -Infinity}', "the document holds -Infinity, which is no number"),
        ('{"a": 1e999}', "the document holds 1e999, which is too large"),
        ("[]", "the document is a list"),
        ("[" * 100_000, "nested too deeply"),
        ("", "line 1, column 1: this is no JSON"),
    ],
)
def test_text_that_is_no_document_is_refused(text, told):
    with pytest.raises(ProtocolError) as caught:
        document_of(text)
    assert told in str(caught.value)


def test_a_document_that_is_nested_too_deeply_is_refused(document):
    node = {"is": "Known", "truth": True}
    for _ in range(20_000):
        node = {"is": "Not", "of": node}
    document["protocol"]["populations"] = [{"is": "Population", "key": "p", "label": "p", "criterion": node}]
    refused(document, "nested too deeply")


def test_what_no_document_can_hold_is_refused_where_it_stands(protocol):
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Mine:
        key: str

        def nodes(self):
            return {}

    with pytest.raises(ProtocolError, match=r"Protocol, analyses, 1 holds a Mine, which no document can hold"):
        replace(protocol, analyses=(Mine(key="x"),)).to_json()
    with pytest.raises(ProtocolError, match="number is inf"):
        to_document(Constant(number=math.inf))
    example = replace(protocol.examples[0], tables={"patients": ({"is": "female"},)})
    with pytest.raises(ProtocolError, match="patients, 1 has the key 'is', which no document can hold"):
        replace(protocol, examples=(example,)).to_json()


def test_a_study_is_declared_by_its_document_as_by_its_protocol_file(tmp_path, protocol):
    (tmp_path / "protocol.json").write_text(protocol.to_json(), encoding="utf-8")
    assert load_protocol(tmp_path) == protocol
    assert load_protocol(tmp_path / "protocol.json") == protocol


def test_two_forms_in_one_folder_must_declare_the_same(tmp_path, protocol):
    source = (STUDIES / "rheumatoid_arthritis" / "protocol.py").read_text(encoding="utf-8")
    (tmp_path / "protocol.py").write_text(source, encoding="utf-8")
    (tmp_path / "protocol.json").write_text(protocol.to_json(), encoding="utf-8")
    assert load_protocol(tmp_path) == protocol
    other = replace(protocol, populations=(Population(key="p", label="p", criterion=None),))
    (tmp_path / "protocol.json").write_text(other.to_json(), encoding="utf-8")
    with pytest.raises(
        ProtocolError, match=r"protocol.py and protocol.json declare two different studies; .* --to json"
    ):
        load_protocol(tmp_path)
    assert load_protocol(tmp_path / "protocol.json") == other


def test_a_protocol_file_that_is_not_there_or_no_text_is_told(tmp_path):
    with pytest.raises(ProtocolError, match=r"holds no protocol\.py, protocol\.toml or protocol\.json; a study"):
        load_protocol(tmp_path)
    with pytest.raises(ProtocolError, match=r"holds no protocol\.json"):
        load_protocol(tmp_path / "protocol.json")
    (tmp_path / "protocol.json").write_bytes(b"\xff\xfe{}")
    with pytest.raises(ProtocolError, match=r"protocol.json is not text in UTF-8"):
        load_protocol(tmp_path)
