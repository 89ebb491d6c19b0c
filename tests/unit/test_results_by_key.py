"""Results are found by their keys: alike in whatever order they came, and never one of two."""

from __future__ import annotations

import random

import pytest

from myosotis.errors import BundleError
from myosotis.presentation.results import Results
from myosotis.results.schema import ResultRow


def row(**keys):
    return ResultRow(**{"study": "s", "analysis": "a", "statistic": "n", "number": 1.0, "provenance_id": "p", **keys})


ROWS = [row(visit=visit, statistic=name) for visit in ("week 0", "week 4") for name in ("n", "median")]


def test_the_order_in_which_results_came_changes_nothing():
    expected = Results.of(ROWS, "f")
    for seed in range(5):
        shuffled = random.Random(seed).sample(ROWS, len(ROWS))
        assert Results.of(shuffled, "f") == expected


def test_results_are_found_by_each_of_their_keys():
    found = Results.of([*ROWS, row(analysis="b", visit="week 0")], "f").where(analysis="a")
    assert found.by("visit", "statistic")["week 4", "median"] is ROWS[3]
    assert found.by_statistic(visit="week 0") == {"n": ROWS[0], "median": ROWS[1]}
    assert found.values("visit") == ("week 0", "week 4")
    assert found.values("level") == ()


def test_two_results_that_the_keys_asked_for_do_not_tell_apart_are_refused_with_the_key_that_does():
    found = Results.of(ROWS, "f")
    with pytest.raises(BundleError, match=r"two results of 'a' share '(n|median)'; they differ in visit, "):
        found.by_statistic()
