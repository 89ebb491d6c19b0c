"""The results of a study as a report looks for them: by their keys, never by where they were made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from myosotis.errors import BundleError
from myosotis.results.schema import KEY_FIELDS, ResultRow

__all__ = ["Results"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Hold result rows that are found by their keys; `fingerprint` is that of the data they were made of.

    >>> row = ResultRow(study="s", analysis="a", statistic="n", number=20.0, provenance_id="p", visit="week 4")
    >>> Results.of([row], fingerprint="").where(analysis="a").by("visit", "statistic")["week 4", "n"].number
    20.0
    """

    rows: tuple[ResultRow, ...]
    fingerprint: str

    @classmethod
    def of(cls, rows: Iterable[ResultRow], fingerprint: str) -> Results:
        """Hold rows in the order of their identifiers, so that equal rows are found alike however they came."""
        return cls(rows=tuple(sorted(rows, key=lambda row: row.id)), fingerprint=fingerprint)

    def where(self, **keys: str) -> Results:
        """Keep the rows that have all of these keys."""
        kept = tuple(row for row in self.rows if all(getattr(row, name) == key for name, key in keys.items()))
        return replace(self, rows=kept)

    def by(self, *names: str) -> Mapping[tuple[str, ...], ResultRow]:
        """Find the rows by some of their keys.

        Raises `BundleError` when two share them: whoever asks by too few keys would be shown one of two numbers.
        """
        found: dict[tuple[str, ...], ResultRow] = {}
        for row in self.rows:
            key = tuple(str(getattr(row, name)) for name in names)
            if key in found:
                other = [name for name in KEY_FIELDS if getattr(row, name) != getattr(found[key], name)]
                raise BundleError(
                    f"two results of {row.analysis!r} share {', '.join(map(repr, key))}; they differ in {', '.join(other)}, "
                    "by which they must be told apart"
                )
            found[key] = row
        return found

    def by_statistic(self, **keys: str) -> Mapping[str, ResultRow]:
        """Find the rows that have all of these keys by their statistic; raises as `by` does."""
        return {statistic: row for (statistic,), row in self.where(**keys).by("statistic").items()}

    def values(self, name: str) -> tuple[str, ...]:
        """List what a key is in these rows, each once, in alphabetical order; what is empty is left out."""
        return tuple(sorted({str(getattr(row, name)) for row in self.rows} - {""}))
