"""Which visit counts, and what is said about the others."""

from __future__ import annotations

import pytest

from myosotis.errors import ProtocolError
from myosotis.language import baseline_window, recorded_days, week
from myosotis.language.record import records
from myosotis.model.dataset import Dataset
from myosotis.study import assign_visits

WINDOWS = (baseline_window(days=28, label="week 0"), week(4, give_or_take=14))


def assigned(*days, weeks=()):
    data = Dataset.of(
        patients=[{"patient_id": "a"}],
        observations=[
            {"patient_id": "a", "day": day, "name": "x", "number": 1.0, "week": typed}
            for day, typed in zip(days, weeks or [None] * len(days), strict=True)
        ],
    )
    return assign_visits(records(data, recorded_days()), WINDOWS)


@pytest.mark.parametrize(
    ("days", "chosen", "kinds"),
    [
        ((0, 28), 28, []),
        ((0, 20, 30), 30, ["conflict"]),
        ((0, 26, 30), 26, ["conflict"]),  # equally near: the earlier
        ((0,), None, ["gap"]),
        ((0, 13), None, ["gap", "unscheduled"]),
        ((0, 14), 14, []),
        ((0, 42), 42, []),
        ((0, 43), None, ["gap", "unscheduled"]),
    ],
)
def test_visits_are_assigned_by_the_nearest_day(days, chosen, kinds):
    table = assigned(*days)
    assert table.days["a"] == {"week 0": 0, "week 4": chosen}
    assert [finding.kind for finding in table.findings] == kinds


def test_a_week_typed_beside_a_date_that_belongs_elsewhere_is_reported():
    table = assigned(0, 60, weeks=(0.0, 4.0))
    told = {finding.kind: finding for finding in table.findings}
    assert told["nominal week differs"].message == (
        "typed as week 4, but day 60 is outside week 4 (day 14 to day 42, nearest to day 28)"
    )
    assert told["nominal week differs"].source_row == 2


def test_windows_that_share_a_day_are_refused():
    with pytest.raises(ProtocolError, match="share days, so that one visit would count for both"):
        assign_visits([], (week(4, give_or_take=14), week(8, give_or_take=14)))
