"""A fatal event and the patient's own day of death are held against each other; what does not fit is told."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from myosotis.core.catalogue import Catalogue
from myosotis.model.mapping import parse_mapping
from myosotis.model.read import read_dataset

EVENTS = {"term": "term", "start": "start", "stop": "stop", "grade": "grade", "outcome": "outcome", "death": "fatal"}


def read(death, *events):
    tables = [
        {"feeds": "patients", "file": "p.csv", "patient_id": "id", "columns": {"sex": "sex", "death": "death"}},
        {"feeds": "events", "file": "e.csv", "patient_id": "id", "columns": EVENTS},
    ]
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "p.csv").write_text(f"id,sex,death\nZoë,female,{death}\nB,male,\n", encoding="utf-8")
        text = "id,term,start,stop,grade,outcome,fatal\n" + "".join(f"Zoë,sepsis,{event}\n" for event in events)
        Path(folder, "e.csv").write_text(text, encoding="utf-8")
        dataset = read_dataset(folder, parse_mapping({"table": tables}), Catalogue.of())
    assert dataset.events.num_rows == len(events)
    assert not any("Zoë" in finding.message for finding in dataset.findings)
    return dataset


def told(dataset):
    return [
        (f.severity, f.rule, f.source_row, f.source_column)
        for f in dataset.findings
        if f.rule not in ("partial date", "date after death")
    ]


@pytest.mark.parametrize(
    ("event", "column"),
    [("2020-02-01,,5,,", "grade"), ("2020-02-01,,,Fatal,", "outcome"), ("2020-02-01,,5,died,yes", "fatal")],
)
def test_a_fatal_event_that_leaves_the_day_of_death_open_is_a_warning(event, column):
    dataset = read("", event)
    assert told(dataset) == [("warning", "fatal event without a day of death", 2, column)]
    assert "without a stop, of a patient without a death" in dataset.findings[0].message
    assert "died on some day from its start on" in dataset.findings[0].message


def test_a_fatal_event_whose_stop_is_the_only_day_of_death_is_a_note():
    dataset = read("", "2020-02-01,2020-02-09,5,,")
    assert told(dataset) == [("note", "fatal event without a day of death", 2, "grade")]
    assert "the stop of the event is taken as the day of death" in dataset.findings[0].message


@pytest.mark.parametrize("stop", ["2020-02-09", "2020-02", "2020", ""])
def test_a_fatal_event_that_may_have_stopped_on_the_day_of_death_says_nothing_new(stop):
    assert told(read("2020-02-09", f"2020-02-01,{stop},5,,")) == []


@pytest.mark.parametrize("stop", ["2020-02-08", "2020-01", "2019"])
def test_a_fatal_event_that_stopped_before_the_day_of_death_is_a_warning(stop):
    dataset = read("2020-02-09", f"2019-01-01,{stop},5,,")
    assert told(dataset) == [("warning", "fatal event and death differ", 2, "grade")]
    (finding,) = [f for f in dataset.findings if f.rule == "fatal event and death differ"]
    assert "the patient's own death is taken" in finding.message


def test_fatal_events_of_one_patient_that_stopped_on_different_days_are_a_warning():
    rules = told(read("", "2020-02-01,2020-02-09,5,,", "2020-02-01,2020-02-11,5,,", "2020-02-01,2020-02-01,2,,"))
    assert ("warning", "fatal event and death differ", 3, "grade") in rules


def test_a_fatal_grade_beside_no_death_is_a_warning_and_an_event_that_was_survived_is_none():
    assert told(read("2020-02-09", "2020-02-01,2020-02-09,5,,no")) == [
        ("warning", "fatal event that says no death", 2, "fatal")
    ]
    assert told(read("", "2020-02-01,2020-02-09,4,recovered,no")) == []
