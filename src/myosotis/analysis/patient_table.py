"""The table of patients: one line each, with what the protocol declares to be shown, and never a date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from myosotis.analysis.cohort import Cohort
from myosotis.analysis.declaring import check_declared, check_once
from myosotis.analysis.section import Section
from myosotis.errors import ProtocolError
from myosotis.language.criteria import Criterion
from myosotis.language.record import PatientRecord, matches
from myosotis.language.sentences import sentence
from myosotis.language.series import Treatment
from myosotis.language.structure import Node
from myosotis.language.values import Value
from myosotis.study.population import EVERYONE, Population

__all__ = ["Column", "DrugNames", "PatientTable", "Present"]

_NOTHING, _UNKNOWN = "none", "not known"
_NOT_RECORDED = "–"
When = Literal["before", "at the start", "later"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Show a value with `decimals`, a criterion in `words` (for true and false), or a category."""

    key: str
    label: str
    of: Node
    decimals: int = 1
    words: tuple[str, str] = ("yes", "no")

    def __post_init__(self) -> None:
        check_declared(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """Name the criteria that are true, such as positive antibodies or organs involved, and how many are not known."""

    key: str
    label: str
    of: tuple[tuple[str, Criterion], ...]

    def __post_init__(self) -> None:
        check_declared(self)
        check_once(self, "names", [name for name, _ in self.of])


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugNames:
    """Name the drugs of a treatment by when they were taken, each once.

    before: started before day 0 and not taken on it; at the start: taken on day 0; later: first started after day 0.
    """

    key: str
    label: str
    treatment: Treatment
    when: When

    def __post_init__(self) -> None:
        check_declared(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientTable:
    """List the patients of a population, one line each, P2 before P10.

    Nothing in it is a date: ages and durations are values of the language with the decimals of their column. Raises
    `ProtocolError` without columns or when two share a key.
    """

    key: str
    title: str
    columns: tuple[Column | Present | DrugNames, ...]
    population: Population = EVERYONE
    note: str = ""

    def __post_init__(self) -> None:
        check_declared(self)
        keys = [column.key for column in self.columns]
        if not keys or len(set(keys)) != len(keys):
            raise ProtocolError(
                f"the analysis {self.key!r} needs columns, each with a key of its own; given are {keys}"
            )

    def nodes(self) -> dict[str, Node]:
        """Name the expressions to be evaluated."""
        return dict(self._expressions())

    def compute(self, cohort: Cohort) -> Section:
        """Read every patient's line."""
        patients = sorted(cohort.patients(self.population.key), key=_natural)
        parts = [cohort.contribution(name, self.population.key, item=name) for name, _ in self._expressions()]
        listing = {
            "key": self.key,
            "title": self.title,
            "columns": ["Patient", *(column.label for column in self.columns)],
            "rows": [
                [patient, *(self._cell(column, cohort, patient) for column in self.columns)] for patient in patients
            ],
            "one_line_per_patient": True,
        }
        return Section(
            contributions=tuple(parts),
            listings_shown=(listing,),
            methods=({"heading": self.title, "sentences": self._methods()},),
            limits=(
                {
                    "template": f"{self.title}: a line that joins age, sex, antibodies and organ disease can identify a "
                    "child whose name it does not hold; it is for the investigators, not for publication as it stands.",
                    "values": {},
                },
            ),
        )

    def _expressions(self) -> Iterator[tuple[str, Node]]:
        for column in self.columns:
            if isinstance(column, Column):
                yield f"{self.key}: {column.key}", column.of
            elif isinstance(column, Present):
                for label, criterion in column.of:
                    yield f"{self.key}: {column.key}: {label}", criterion

    def _cell(self, column: Column | Present | DrugNames, cohort: Cohort, patient: str) -> str | Mapping[str, Any]:
        if isinstance(column, DrugNames):
            return ", ".join(_drug_names(cohort.records[patient], column.treatment, column.when)) or _NOTHING
        if isinstance(column, Present):
            found = {label: cohort.results[f"{self.key}: {column.key}: {label}"][patient] for label, _ in column.of}
            return _named(found)
        name = f"{self.key}: {column.key}"
        result = cohort.results[name][patient]
        if result is None:
            return " or ".join(cohort.outcomes[name][patient].possible) or _NOT_RECORDED
        if isinstance(result, bool):
            return column.words[0] if result else column.words[1]
        return result if isinstance(result, str) else {"number": float(result), "decimals": column.decimals}

    def _methods(self) -> list[str]:
        told = []
        for column in self.columns:
            if isinstance(column, Column) and isinstance(column.of, Value):
                told.append(f"{column.label}: {sentence(column.of)}.")
            elif isinstance(column, Present):
                told.append(f"{column.label}: those that are true; the number of others that are not known is added.")
        return [*told, self.note] if self.note else told


def _named(found: Mapping[str, object]) -> str:
    true = [label for label, result in found.items() if result is True]
    open_ = sum(result is None for result in found.values())
    if open_ == len(found):
        return _UNKNOWN
    return (", ".join(true) or _NOTHING) + (f" ({open_} {_UNKNOWN})" if open_ else "")


def _drug_names(record: PatientRecord, treatment: Treatment, when: When) -> list[str]:
    """Name the drugs first taken before, on or after day 0; a drug of which that is not known is marked in each."""
    rows = [row for row in record.treatments if matches(treatment.drugs, row)]
    current = {row["drug"] for row in rows if row["start_high"] <= 0 <= row["stop_low"]}
    perhaps = {row["drug"] for row in rows if row["start_low"] <= 0 <= row["stop_high"]} - current
    before = {row["drug"] for row in rows if row["start_high"] < 0} - current - perhaps
    later = {row["drug"] for row in rows if row["start_low"] > 0} - current - before - perhaps
    named = {"before": before, "at the start": current, "later": later}[when]
    return sorted([*named, *(f"{drug} ({_UNKNOWN})" for drug in perhaps)])


def _natural(text: str) -> tuple[str, list[int], str]:
    """Sort P2 before P10."""
    digits = "".join(letter if letter.isdecimal() else " " for letter in text).split()
    return (text.rstrip("0123456789"), [int(one) for one in digits], text)
