"""The ledger: every input cell that is not empty ends as used, converted, ignored or rejected, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

import pyarrow as pa

from myosotis.model.cells import Refusal
from myosotis.model.claims import CellFate, CellPlace, Record
from myosotis.model.dataset import Dataset
from myosotis.model.findings import Finding
from myosotis.model.record_counts import Fate, Step
from myosotis.model.tables import LEDGER
from myosotis.sources.sheet import Sheet, is_blank, text_of

__all__ = ["FATES", "LedgerCount", "LedgerBuilder", "ledger_counts", "ledger_of"]

FATES = ("used", "converted", "ignored", "rejected")

# A cell that feeds two things has one line: what came furthest is what happened to it.
_RANK = {"converted": 3, "used": 2, "rejected": 1, "ignored": 0}
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class LedgerBuilder:
    """Collect claims on cells, fates of records and problems found while reading; only ever added to."""

    _claims: dict[CellPlace, CellFate] = field(default_factory=dict)
    _problems: dict[tuple[Refusal, str, str, str], list[tuple[int, str]]] = field(default_factory=dict)
    _findings: list[Finding] = field(default_factory=list)
    _steps: Counter[Step] = field(default_factory=Counter)

    def claim(self, *claims: CellFate) -> None:
        """Note what happens to cells; of two claims on one cell, the one that came further stays, else the first."""
        for claim in claims:
            before = self._claims.get(claim.place)
            if before is None or _RANK[claim.fate] > _RANK[before.fate]:
                self._claims[claim.place] = claim

    def problem(self, refusal: Refusal, place: CellPlace) -> None:
        """Note a problem; the same problem in one column becomes one finding with its count."""
        key = (replace(refusal, found=""), place.source, place.sheet, place.column)
        self._problems.setdefault(key, []).append((place.row, refusal.found))

    def refuse(self, refusal: Refusal, place: CellPlace) -> None:
        """Reject a cell and note the problem."""
        self.claim(CellFate(place, "rejected", refusal.rule))
        self.problem(refusal, place)

    def reject(self, record: Record, reason: str) -> None:
        """Reject a record with the cells that gave it; what is wrong with it is told apart."""
        self.claim(
            *(CellFate(claim.place, "rejected", reason) for claims in record.claims.values() for claim in claims)
        )
        self.count(record.table_number, record.place.row, "rejected")

    def refuse_record(self, record: Record, refusal: Refusal) -> None:
        """Reject a record with the cells that gave it, and note the problem at its place."""
        self.reject(record, refusal.rule)
        self.problem(refusal, record.place)

    def count(self, table: int, row: int, fate: Fate, times: int = 1) -> None:
        """Count what became of records, or of a row as a whole, of one table of the mapping."""
        self._steps[Step(table, row, fate)] += times

    def note(self, finding: Finding) -> None:
        """Note a finding that is about more than cells."""
        self._findings.append(finding)

    def claim_on(self, place: CellPlace) -> CellFate | None:
        """Give the claim on a cell, if there is one."""
        return self._claims.get(place)

    @property
    def steps(self) -> Mapping[Step, int]:
        """Give how often each fate was counted."""
        return self._steps

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Give all findings: by place, then rule."""
        made = [_finding(*kind, cases) for kind, cases in self._problems.items()]
        return tuple(
            sorted(
                [*self._findings, *made],
                key=lambda f: (f.source, f.sheet, f.source_row or 0, f.source_column, f.rule, f.message),
            )
        )


def ledger_of(
    sheets: Iterable[Sheet],
    declared: Mapping[tuple[str, str], Mapping[str, bool]],
    notebook: LedgerBuilder,
    *,
    missing: AbstractSet[str] = frozenset(),
) -> pa.Table:
    """List every cell of the sheets that is not empty, header excluded, with its claim.

    `declared` tells, by file and sheet, which columns the mapping names, and whether it does so to ignore them. A cell
    that nobody claimed is ignored where its column is, or where its column is used and its text means "not recorded"
    (`missing`); else it is rejected: its column is not declared, or nothing else on its row could be used. Rows above the
    header and below the declared last row are ignored, rows with another number of fields than the header rejected, and so
    are values under merged cells. What was found is kept only of cells that are used or converted: what a study leaves out,
    such as names, does not reach its results.
    """
    columns: dict[str, list[object]] = {name: [] for name in LEDGER.names}
    for sheet in sheets:
        known = declared[sheet.file, sheet.name]
        unclaimed = [_UNCLAIMED[known.get(column)] for column in sheet.header]
        for rows, fates in (
            (sheet.above, [_ABOVE] * len(sheet.header)),
            (sheet.rows, unclaimed),
            (sheet.ragged, [_RAGGED] * len(sheet.header)),
            (sheet.below, [_BELOW] * len(sheet.header)),
        ):
            for row in rows:
                for column, cell, fate in zip(sheet.header, row.cells, fates, strict=True):
                    if is_blank(cell):
                        continue
                    place = CellPlace(sheet.file, sheet.name, row.number, column)
                    claim = notebook.claim_on(place)
                    if claim is None:
                        not_recorded = fate == _UNCLAIMED[False] and text_of(cell) in missing
                        claim = CellFate(place, *(_MISSING if not_recorded else fate))
                    found = text_of(cell) if claim.fate in ("used", "converted") else ""
                    _append(columns, claim, found)
        for claim in _hidden(sheet, known):
            _append(columns, claim, "")
    return pa.table(columns, schema=LEDGER)


def _append(columns: Mapping[str, list[object]], claim: CellFate, found: str) -> None:
    line = (*claim.place, claim.fate, claim.reason, found, claim.became)
    for values, value in zip(columns.values(), line, strict=True):
        values.append(value)


def _hidden(sheet: Sheet, declared: Mapping[str, bool]) -> Iterator[CellFate]:
    """Say what happens to the values under merged cells, which are blank in the rows of a sheet."""
    for row, column in sheet.hidden:
        name = sheet.header[column - 1]
        if row != sheet.header_row:
            above, below = row < sheet.header_row, 0 < sheet.last_row < row
            fate = _ABOVE if above else _BELOW if below else _UNCLAIMED[True] if declared.get(name) else _HIDDEN
            yield CellFate(CellPlace(sheet.file, sheet.name, row, name), *fate)


_MISSING = ("ignored", "declared missing")
_RAGGED = ("rejected", "another number of fields")
_BELOW = ("ignored", "below the last row")
_ABOVE = ("ignored", "above the header")
_HIDDEN = ("rejected", "value under merged cells")
_UNCLAIMED = {
    None: ("rejected", "column not declared"),
    True: ("ignored", "column declared as ignored"),
    False: ("rejected", "nothing on its row uses it"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerCount:
    """Count the cells of one sheet by fate; `cells` is how many were read and equals the sum of the four."""

    source: str
    sheet: str
    cells: int
    used: int
    converted: int
    ignored: int
    rejected: int


def ledger_counts(dataset: Dataset) -> tuple[LedgerCount, ...]:
    """Count cells by fate for each source and sheet, in the order read."""
    lines = dataset.ledger.select(["source", "sheet", "fate"]).to_pydict()
    places: dict[tuple[str, str], Counter[str]] = {}
    for source, sheet, fate in zip(*lines.values(), strict=True):
        places.setdefault((source, sheet), Counter())[fate] += 1
    return tuple(
        LedgerCount(
            source=source,
            sheet=sheet,
            cells=fates.total(),
            used=fates["used"],
            converted=fates["converted"],
            ignored=fates["ignored"],
            rejected=fates["rejected"],
        )
        for (source, sheet), fates in places.items()
    )


def _finding(refusal: Refusal, source: str, sheet: str, column: str, cases: Sequence[tuple[int, str]]) -> Finding:
    rows = sorted({row for row, _ in cases})
    where = f"{source!r}" + (f", sheet {sheet!r}" if sheet else "") + (f", column {column!r}" if column else "")
    times = f" ({len(cases)} times)" if len(cases) > 1 else ""
    return Finding(
        severity=refusal.severity,
        rule=refusal.rule,
        message=(
            f"{refusal.rule}{times}: {where}, row{'s' if len(rows) > 1 else ''} {_shown(rows)}: "
            f"found {_shown(dict.fromkeys(found for _, found in cases))}, expected {refusal.expected}; {refusal.advice}"
        ),
        source=source,
        sheet=sheet,
        source_row=rows[0],
        source_column=column,
        count=len(cases),
    )


def _shown(items: Iterable[object]) -> str:
    texts = [str(item) for item in items]
    return ", ".join(texts[:_SHOWN]) + (", ..." if len(texts) > _SHOWN else "")
