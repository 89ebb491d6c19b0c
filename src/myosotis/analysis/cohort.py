"""The cohort as an analysis sees it: what every expression came to, for whom, and the rows behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from myosotis.errors import ProtocolError
from myosotis.language.outcome import Evidence, Outcome
from myosotis.language.sentences import between_words, sentence
from myosotis.language.structure import Node, named, observed
from myosotis.results.schema import digest, listing_id
from myosotis.results.trace import rows_digest

if TYPE_CHECKING:
    from myosotis.language.record import PatientRecord

__all__ = ["Cohort", "Contribution"]

Result = float | bool | str | None
Listing = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """Hold what one expression came to in one population, with the provenance every number made of it shares.

    `results` maps patients, in identifier order, to a result (None where missing or not evaluable); `outcomes` to
    the way it was reached. `provenance` is a row of the provenance table, `listing` the rows of the listings table.
    """

    name: str
    results: Mapping[str, Result]
    outcomes: Mapping[str, Outcome]
    provenance: Mapping[str, Any]
    listing: tuple[Listing, ...]

    @property
    def id(self) -> str:
        """Give the identifier of the provenance row."""
        return str(self.provenance["provenance_id"])

    @property
    def numbers(self) -> list[float | None]:
        """Give the results as numbers in patient order; raises `ProtocolError` when one is not a number."""
        for result in self.results.values():
            if isinstance(result, bool | str):
                raise ProtocolError(f"{self.name} gives {type(result).__name__}s where a number is summarised")
        return [None if result is None else float(result) for result in self.results.values()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """Hold a study's evaluated expressions.

    `results[name][patient]` and `outcomes[name][patient]` exist for every screened patient; `populations[key]` lists
    included patients in identifier order. `records` are the patients' rows on the clock of the index date.
    """

    study: str
    fingerprint: str
    seed: int
    nodes: Mapping[str, Node]
    results: Mapping[str, Mapping[str, Result]]
    outcomes: Mapping[str, Mapping[str, Outcome]]
    populations: Mapping[str, tuple[str, ...]]
    screened: tuple[str, ...]
    records: Mapping[str, PatientRecord]

    def contribution(self, name: str, population: str, *, unit: str = "", item: str = "") -> Contribution:
        """Collect one expression in one population."""
        patients = self.patients(population)
        outcomes = {patient: self.outcomes[name][patient] for patient in patients}
        results = {patient: self.results[name][patient] for patient in patients}
        key = listing_id(self.fingerprint, name, population)
        listing = [
            row
            for patient, outcome in outcomes.items()
            for row in _listing(key, patient, results[patient], outcome, item or name, unit)
        ]
        node = self.nodes[name]
        return Contribution(
            name=name,
            results=results,
            outcomes=outcomes,
            provenance=self._provenance([key], listing, sentence(node), (*named(node), *observed(node))),
            listing=tuple(listing),
        )

    def joint(self, contributions: Sequence[Contribution], what: str) -> dict[str, Any]:
        """Give the provenance of a number made of several contributions; their listings are shared, not copied."""
        ids = [one for part in contributions for one in str(part.provenance["listing_id"]).split()]
        rows = [row for part in contributions for row in part.listing]
        definitions = sorted({key for part in contributions for key in part.provenance["definitions"]})
        return self._provenance(ids, rows, what, definitions)

    def of_rows(self, name: str, rows: Iterable[Listing], what: str) -> Contribution:
        """Collect rows of a study table that no expression picked, such as adverse events.

        Each row lacks only its `listing_id`; rows are put in patient, source and row order.
        """
        key = listing_id(self.fingerprint, name, "rows")
        listing = [{**row, "listing_id": key} for row in rows]
        listing.sort(key=lambda r: (r["patient_id"], r["source"], r["sheet"], r["source_row"], r["role"], r["item"]))
        return Contribution(
            name=name,
            results={},
            outcomes={},
            provenance=self._provenance([key], listing, what, ()),
            listing=tuple(listing),
        )

    def patients(self, population: str) -> tuple[str, ...]:
        """List a population's patients; raises `ProtocolError` for one that the protocol does not declare."""
        if population not in self.populations:
            raise ProtocolError(
                f"the population {population!r} is not declared; declared are {', '.join(self.populations)}"
            )
        return self.populations[population]

    def _provenance(
        self, listing_ids: Sequence[str], rows: Sequence[Listing], what: str, definitions: Sequence[str]
    ) -> dict[str, Any]:
        body = {
            "definitions": list(definitions),
            "data_fingerprint": self.fingerprint,
            "rows_digest": rows_digest(list(rows)),
            "listing_id": " ".join(dict.fromkeys(listing_ids)),
            "sentence": what,
            "seed": self.seed,
        }
        return {"provenance_id": digest([body]), **body}


def _listing(
    listing_id: str, patient: str, result: Result, outcome: Outcome, item: str, unit: str
) -> Iterable[Listing]:
    rows = list(outcome.rows())
    alone = len(rows) == 1 and rows[0].number == result
    value = {
        "listing_id": listing_id,
        "patient_id": patient,
        "role": "value",
        "item": item,
        "number": float(result) if isinstance(result, int | float) else None,
        "text": _result_text(result, outcome),
        "unit": unit,
        "day": None,
        "date": None,
        "source": "",
        "sheet": "",
        "source_row": None,
        "source_column": "",
    }
    if alone:
        # A value that is one cell as it stands needs no second line for its evidence.
        return [{**value, **_place(rows[0])}]
    return [value, *({**value, "role": "evidence", **_cell(row)} for row in rows)]


def _result_text(result: Result, outcome: Outcome) -> str:
    if isinstance(result, bool):
        return "true" if result else "false"
    if result is None and outcome.possible:
        return f"not evaluable ({' or '.join(outcome.possible)})"
    if result is None and outcome.interval.recorded is not False:
        return f"not exactly known ({between_words(outcome.interval.low, outcome.interval.high)})"
    if result is None:
        return "missing"
    return result if isinstance(result, str) else ""


def _place(row: Evidence) -> Listing:
    return {
        "day": row.day,
        "date": None if row.date is None else row.date.isoformat(),
        "source": row.source,
        "sheet": row.sheet,
        "source_row": row.source_row,
        "source_column": row.source_column,
    }


def _cell(row: Evidence) -> Listing:
    return {"item": row.item, "number": row.number, "text": row.text, "unit": row.unit, **_place(row)}


def place_of(row: Mapping[str, Any]) -> Listing:
    """Say where in the source a row of a table stands, as a listing row does."""
    return {"source": row["source"], "sheet": row["sheet"] or "", "source_row": row["source_row"]}


def evidence_row(patient: str, role: str, evidence: Mapping[str, Any]) -> Listing:
    """Make a listing row, without its listing, of plain fields; absent ones are empty."""
    empty: Listing = asdict(
        Evidence(
            item="",
            number=None,
            text="",
            unit="",
            day=None,
            date=None,
            source="",
            sheet="",
            source_row=0,
            source_column="",
        )
    )
    row = {**empty, **evidence}
    if isinstance(row["date"], date):
        row["date"] = row["date"].isoformat()
    return {"patient_id": patient, "role": role, **row}
