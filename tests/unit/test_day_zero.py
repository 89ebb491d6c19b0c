"""Whoever has nothing to count days from is told, whatever the protocol counts from."""

from __future__ import annotations

import pytest

from myosotis.language.record import date_of, first_dose, recorded_days, records
from myosotis.model.dataset import Dataset
from myosotis.study.day_zero import unknown_day_zero


def told(index, patients=({"diagnosis_date": "2020-01-01"},), **tables):
    named = [{"patient_id": f"p{number}", **patient} for number, patient in enumerate(patients)]
    rows = {table: [{"patient_id": "p0", **row} for row in given] for table, given in tables.items()}
    return unknown_day_zero(records(Dataset.of(patients=named, **rows), index), index)


def test_patients_without_the_date_that_days_are_counted_from_are_told():
    known, month, none = {"diagnosis_date": "2020-01-01"}, {"diagnosis_date": "2020-01"}, {}
    (found,) = told(date_of("diagnosis_date"), (known, month, none))
    assert (found.severity, found.rule, found.count, found.source_row) == ("warning", "index date not known", 2, 2)
    assert "2 of 3 patients have no date of diagnosis that is known to the day, so no day 0" in found.message
    assert "look the day up in the chart" in found.message
    assert told(date_of("diagnosis_date"), (known,)) == ()


def test_a_date_that_nobody_has_is_to_be_mapped():
    (found,) = told(date_of("onset_date"))
    assert "1 of 1 patients has no date of onset" in found.message
    assert "map onset_date of the patients" in found.message


@pytest.mark.parametrize(
    ("tables", "what"),
    [
        ({"observations": [{"name": "cmas", "number": 40, "date": "2020-01-01"}]}, "1 of observations"),
        ({"observations": [{"name": "cmas", "number": 40, "date": "2020-01"}]}, "1 of observations"),
        ({"treatments": [{"drug": "x", "drug_class": "y", "start": "2020-01-01"}]}, "1 of treatments"),
        ({"conditions": [{"name": "ILD", "date": "2020-01-01"}] * 2}, "2 of conditions"),
        ({"events": [{"term": "rash", "start": "2020-01-01"}]}, "1 of events"),
    ],
)
def test_dated_rows_without_a_day_are_told_where_the_days_are_those_recorded(tables, what):
    (found,) = told(recorded_days(), **tables)
    assert (found.severity, found.rule) == ("warning", "day not recorded")
    assert f"{what}; map their day, or let the protocol count from a date with first_dose or date_of" in found.message


def test_rows_with_their_day_and_rows_without_any_date_are_not_told():
    rows = [{"name": "cmas", "number": 40, "day": 3, "date": "2020-01-01"}, {"name": "cmas", "number": 40}]
    assert told(recorded_days(), observations=rows) == ()


def test_a_first_dose_of_an_unknown_day_is_told():
    (found,) = told(first_dose("x"), treatments=[{"drug": "x", "drug_class": "y", "start": "2020-01"}])
    assert "first dose not known: 1 patient has a course of x whose start is not known to the day" in found.message
