"""Lines about single patients: kept without words, headed where they are shown."""

from __future__ import annotations

import pytest

from myosotis.errors import BundleError
from myosotis.presentation.listings import Listing, headed
from myosotis.results.listing import ListedNumber, PatientLines, lines_as_data, read_lines

LINES = PatientLines(
    key="scores", columns=("patient", "score"), rows=(("P1", ListedNumber(number=1.25, decimals=2)), ("P2", "none"))
)
LISTING = Listing(
    key="scores", title="Scores", heads={"score": "Score, points", "patient": "Patient", "other": "Other"}
)


def test_lines_are_headed_by_name_whatever_the_order_of_the_heads():
    (shown,) = headed([LINES], [LISTING])
    assert (shown.title, shown.columns, shown.rows) == ("Scores", ("Patient", "Score, points"), LINES.rows)


def test_a_column_that_a_study_named_itself_is_headed_by_its_name():
    (shown,) = headed([LINES], [Listing(key="scores", title="Scores", heads={"patient": "Patient"})])
    assert shown.columns == ("Patient", "score")


def test_lines_that_nobody_shows_are_refused_and_not_left_out():
    with pytest.raises(BundleError, match=r"'scores', and no analysis of its protocol says .* Known are: doses"):
        headed([LINES], [Listing(key="doses", title="Doses", heads={})])


def test_lines_are_written_and_read_again():
    assert read_lines(lines_as_data(LINES)) == LINES
    assert "title" not in lines_as_data(LINES)
