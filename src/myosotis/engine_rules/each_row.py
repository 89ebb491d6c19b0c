"""Ask an expression of each row: tables in which every row is a patient, with what is recorded of whom it is about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from myosotis.language.engine import EngineTables
from myosotis.language.values import Picked
from myosotis.language.windows import Window

if TYPE_CHECKING:
    import ibis

__all__ = ["ASKED", "asked_day", "day_observed", "each_row"]

# The visit at which a row stands: the last days of the calendar, which no chart has.
_NEVER = 3_650_000
ASKED = Window(label="the row", target=_NEVER, first=_NEVER, last=_NEVER)
_DAY = "day of the row"


def asked_day() -> Picked:
    """Give the day that each row asks about, as a value of the language."""
    return Picked(name=_DAY, label=_DAY, unit="days", window=ASKED)


def each_row(
    rows: ibis.Table, tables: EngineTables, *, observations: ibis.Table, treatments: ibis.Table | None = None
) -> EngineTables:
    """Make every row a patient: `rows` has row_id, and owner, the patient whom it is about.

    `observations` are those of the rows, by patient_id = row_id; `treatments` those of the owners. What else is recorded
    is left out.
    """
    people = rows.select("row_id", "owner").inner_join(tables.patients, [("owner", "patient_id")])
    patients = people.drop("patient_id").rename(patient_id="row_id").drop("owner")
    courses = tables.treatments.limit(0)
    if treatments is not None:
        own = rows.select("row_id", "owner").inner_join(treatments, [("owner", "patient_id")])
        courses = own.drop("patient_id").rename(patient_id="row_id").drop("owner")
    return replace(
        tables,
        patients=patients,
        observations=observations,
        treatments=courses,
        conditions=tables.conditions.limit(0),
        events=tables.events.limit(0),
    )


def day_observed(rows: ibis.Table, tables: EngineTables) -> ibis.Table:
    """Record the day of each row as the observation that `asked_day` reads, on the day of `ASKED`; all else is NULL."""
    import ibis

    number, day = rows.asked_day.cast("float64"), ibis.literal(ASKED.target)
    given = {
        "patient_id": rows.row_id, "name": ibis.literal(_DAY), "day": day, "day_low": day, "day_high": day,
        "number": number, "number_low": number, "number_high": number, "source": ibis.literal(""),
        "source_row": ibis.literal(0),
    }  # fmt: skip
    schema = tables.observations.schema().items()
    return rows.select(**{name: given.get(name, ibis.null(type_)).cast(type_) for name, type_ in schema})
