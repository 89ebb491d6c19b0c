"""The engine's side of a data set: study tables as Ibis tables, every row on the clock of the index date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from myosotis.core.portable import days_between
from myosotis.language.record import IndexDate

if TYPE_CHECKING:
    import ibis

    from myosotis.model.dataset import Dataset

__all__ = ["EngineTables", "connect", "place"]

TABLES = ("patients", "observations", "treatments", "conditions")


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineTables:
    """Hold the study tables as Ibis expressions on one connection, with `day` columns from the index date.

    `patients` carries `index_date`; `treatments` carries `start_day`, `stop_day` and `has_stop`.
    """

    connection: Any
    patients: ibis.Table
    observations: ibis.Table
    treatments: ibis.Table
    conditions: ibis.Table


def connect(data: Dataset, index: IndexDate, connection: Any = None) -> EngineTables:  # noqa: ANN401 - any Ibis backend
    """Load a data set into an engine (DuckDB in memory unless a connection is given) and place it on the clock.

    The four tables are created on the connection, as they are and again as `placed_NAME` on the clock of the index
    date, replacing tables of the same names.
    """
    import ibis

    if connection is None:
        connection = ibis.duckdb.connect()
    tables = {name: _loaded(connection, name, getattr(data, name)) for name in TABLES}
    placed = place(connection, tables, index)
    # Kept as tables, so that the query of a study names them instead of spelling them out for every leaf.
    kept = {name: connection.create_table(f"placed_{name}", getattr(placed, name), overwrite=True) for name in TABLES}
    return EngineTables(connection=connection, **kept)


def _loaded(connection: Any, name: str, table: Any) -> ibis.Table:  # noqa: ANN401 - any backend, an Arrow table
    """Make a study table known to the engine; DuckDB reads Arrow where it lies."""
    if connection.name == "duckdb":
        connection.con.register(name, table)
        loaded: ibis.Table = connection.table(name)
        return loaded
    created: ibis.Table = connection.create_table(name, table, overwrite=True)
    return created


def place(connection: Any, tables: dict[str, ibis.Table], index: IndexDate) -> EngineTables:  # noqa: ANN401
    """Count every row's day from the index date, on tables that the engine already holds."""
    import ibis

    patients = tables["patients"]
    if index.rule == "first dose":
        assert index.drugs is not None
        starts = tables["treatments"].filter(belongs(tables["treatments"], index.drugs))
        firsts = starts.group_by("patient_id").agg(index_date=starts.start.min())
        patients = patients.left_join(firsts, "patient_id").drop("patient_id_right")
    elif index.rule == "date on the patient":
        patients = patients.mutate(index_date=patients[index.field])
    else:
        patients = patients.mutate(index_date=ibis.null("date"))
    own_clock = index.rule == "days as recorded"
    days = patients.select(index_patient=patients.patient_id, index_date=patients.index_date)

    def placed(table: ibis.Table, pairs: dict[str, str]) -> ibis.Table:
        if own_clock:
            return table
        joined = table.left_join(days, table.patient_id == days.index_patient).drop("index_patient")
        counted = {}
        for date_column, day_column in pairs.items():
            from_date = days_between(joined[date_column], joined.index_date)
            recorded = ibis.ifelse(joined.index_date.notnull(), joined[day_column], ibis.null("int64"))
            counted[day_column] = ibis.ifelse(joined[date_column].notnull(), from_date, recorded)
        return joined.mutate(**counted).drop("index_date")

    courses = tables["treatments"]
    courses = courses.mutate(has_stop=courses.stop.notnull() | courses.stop_day.notnull())
    return EngineTables(
        connection=connection,
        patients=patients,
        observations=placed(tables["observations"], {"date": "day"}),
        treatments=placed(courses, {"start": "start_day", "stop": "stop_day"}),
        conditions=placed(tables["conditions"], {"date": "day"}),
    )


def belongs(table: ibis.Table, drugs: Any) -> Any:  # noqa: ANN401 - a truth column
    """Say for each treatment row whether it is of the named drugs."""
    import ibis

    inside = ibis.literal(False)
    if drugs.names:
        inside = inside | table.drug.isin(list(drugs.names)).fill_null(False)
    if drugs.classes:
        inside = inside | table.drug_class.isin(list(drugs.classes)).fill_null(False)
    if drugs.except_names:
        inside = inside & ~table.drug.isin(list(drugs.except_names)).fill_null(False)
    if drugs.except_classes:
        inside = inside & ~table.drug_class.isin(list(drugs.except_classes)).fill_null(False)
    return inside
