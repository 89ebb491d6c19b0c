"""Invented patients: records with what the protocol's rules must say of them, run before the first real row is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from myosotis.core.catalogue import nearest_names
from myosotis.errors import DataError, ProtocolError
from myosotis.language.checked import word
from myosotis.language.declared import check_fields
from myosotis.language.record import IndexDate, PatientRecord, records
from myosotis.model.dataset import Dataset
from myosotis.model.tables import SCHEMAS

__all__ = ["ExamplePatient", "example_patient"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamplePatient:
    """Describe an invented patient and what the protocol's rules must say of the patient.

    `tables` maps `patients` (one record without an identifier) and the other study tables to plain records; `expects`
    maps the name of an eligibility rule, or of an analysis's expression such as `"response at week 24"`, to its
    result (None for not evaluable). Every example is run before the first real row is read.

    Raises `ProtocolError` for a table that there is not, one that holds anything but records, and for no patient or two.
    """

    label: str
    tables: Mapping[str, tuple[Mapping[str, Any], ...]]
    expects: Mapping[str, float | bool | str | None]

    def __post_init__(self) -> None:
        check_fields(self)
        object.__setattr__(self, "tables", {name: _as_tuple(rows) for name, rows in self.tables.items()})
        for table, rows in self.tables.items():
            if table not in SCHEMAS:
                raise ProtocolError(
                    f"the example {self.label!r}: tables has {table!r}; {nearest_names(table, list(SCHEMAS))}"
                )
            if not isinstance(rows, tuple) or not all(isinstance(row, Mapping) for row in rows):
                raise ProtocolError(
                    f"the example {self.label!r}: tables has {table!r} that is no tuple of records; write each record in "
                    "braces and one alone with a comma, as in ({...},)"
                )
        if len(self.tables.get("patients", ())) != 1:
            raise ProtocolError(
                f"the example {self.label!r}: tables has {len(self.tables.get('patients', ()))} patients; an example is of "
                'one, "patients": ({...},), and the record may be empty'
            )

    def record(self, index: IndexDate) -> PatientRecord:
        """Make the patient's record; raises `ProtocolError` for a column that there is not or a value of another kind."""
        try:
            data = Dataset.of(**{name: _with_patient(rows) for name, rows in self.tables.items()})
        except DataError as error:
            raise ProtocolError(f"the example {self.label!r}: {error}") from error
        return next(records(data, index))


@word
def example_patient(
    label: str,
    *,
    expects: Mapping[str, float | bool | str | None],
    sex: str = "",
    born: date | str = "",
    onset: date | str = "",
    diagnosis: date | str = "",
    treatments: Mapping[str, date | str | int] | None = None,
    conditions: tuple[str, ...] = (),
    observed: Mapping[date | str | int, Mapping[str, float | str]] | None = None,
) -> ExamplePatient:
    """Describe an invented patient in short: since when each drug is taken, and what was observed on each day.

    Days are dates (2020-06-17) or numbers counted from the index date. `conditions` are recorded without a date. For more,
    such as doses, write `ExamplePatient` with the records of the study tables.

    >>> girl = example_patient("a girl", expects={}, sex="female", observed={0: {"ck": 150, "ulceration": "no"}})
    >>> girl.tables["observations"]
    ({'name': 'ck', 'day': 0, 'number': 150}, {'name': 'ulceration', 'day': 0, 'number': 0, 'text': 'no'})
    """
    patient = {"sex": sex, "birth_date": born, "onset_date": onset, "diagnosis_date": diagnosis}
    tables: dict[str, tuple[Mapping[str, Any], ...]] = {"patients": ({k: one for k, one in patient.items() if one},)}
    if treatments:
        tables["treatments"] = tuple({"drug": drug, **_when(start, "start")} for drug, start in treatments.items())
    if conditions:
        tables["conditions"] = tuple({"name": name} for name in conditions)
    if observed:
        tables["observations"] = tuple(
            {"name": name, **_when(day, ""), **_found(value)}
            for day, of in observed.items()
            for name, value in of.items()
        )
    return ExamplePatient(label=label, tables=tables, expects=expects)


def _when(day: date | str | int, what: str) -> dict[str, object]:
    if isinstance(day, int):
        return {f"{what}_day" if what else "day": day}
    return {what or "date": day}


def _found(value: float | str) -> dict[str, object]:
    if not isinstance(value, str):
        return {"number": value}
    answers = {"yes": {"number": 1}, "no": {"number": 0}}
    return {**answers.get(value, {}), "text": value}


def _as_tuple(rows: Any) -> Any:  # noqa: ANN401 - checked by who keeps it
    return tuple(rows) if isinstance(rows, list) else rows


def _with_patient(rows: tuple[Mapping[str, Any], ...]) -> list[dict[str, Any]]:
    return [{**row, "patient_id": "example"} for row in rows]
