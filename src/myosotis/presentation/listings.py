"""Listings: how lines about single patients are titled and headed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from myosotis.errors import BundleError
from myosotis.results.listing import ListedNumber, PatientLines

__all__ = ["Listing", "ListingTable", "headed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Say how the lines of a key are shown: their title, and a head for each of their columns by its name.

    A column without a head is headed by its name, as a study declared it.
    """

    key: str
    title: str
    heads: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingTable:
    """Hold lines about single patients as a report shows them.

    `one_line_per_patient` says that no patient has two.
    """

    key: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str | ListedNumber]]
    one_line_per_patient: bool = False


def headed(lines: Iterable[PatientLines], listings: Iterable[Listing]) -> tuple[ListingTable, ...]:
    """Put titles and heads to lines, in the order of the lines.

    Raises `BundleError` for lines that no analysis says how to show.

    >>> lines = PatientLines(key="a", columns=("patient", "score"), rows=(("P1", "3"),))
    >>> headed([lines], [Listing(key="a", title="Scores", heads={"patient": "Patient"})])[0].columns
    ('Patient', 'score')
    """
    known = {one.key: one for one in listings}
    shown = []
    for one in lines:
        if one.key not in known:
            raise BundleError(
                f"the bundle holds lines about patients under the key {one.key!r}, and no analysis of its protocol says how "
                f"they are shown; a presentation gives a Listing for them. Known are: {', '.join(sorted(known))}"
            )
        listing = known[one.key]
        shown.append(
            ListingTable(
                key=one.key,
                title=listing.title,
                columns=tuple(listing.heads.get(name, name) for name in one.columns),
                rows=one.rows,
                one_line_per_patient=one.one_line_per_patient,
            )
        )
    return tuple(shown)
