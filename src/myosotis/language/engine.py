"""The engine's side of a data set: study tables as Ibis tables, every row on the clock of the index date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from myosotis.core.fatal import FATAL_GRADE, FATAL_OUTCOMES
from myosotis.core.plain import plain_words
from myosotis.core.portable import days_between
from myosotis.core.spans import days_in_every
from myosotis.language.courses import DOSE_UNITS
from myosotis.language.record import FAR, IndexDate

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa

    from myosotis.model.dataset import Dataset

__all__ = ["EngineTables", "belongs", "connect"]

TABLES = ("patients", "observations", "treatments", "conditions", "events")
# Texts that rules over rows read.
PLAIN = {
    "events": ("term", "preferred_term", "organ_class", "outcome", "seriousness"),
    "conditions": ("status",),
    "treatments": ("stop_reason",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineTables:
    """Hold the study tables as Ibis expressions on one connection, with days from the index date.

    `patients` carries `index_date` and the bounds of death and of the last contact; every other table `day` (or
    `start_day`) where it is exactly known and its bounds, as `PatientRecord` has them. `inexact` names what in these
    data is not exactly known: `patients`, `days` or `numbers` of observations, `courses`, `conditions`. A query asks for
    bounds only there.
    """

    connection: Any
    patients: ibis.Table
    observations: ibis.Table
    treatments: ibis.Table
    conditions: ibis.Table
    events: ibis.Table
    inexact: frozenset[str]


def connect(data: Dataset, index: IndexDate, connection: Any = None) -> EngineTables:  # noqa: ANN401 - any Ibis backend
    """Load a data set into an engine (DuckDB in memory unless a connection is given) and place it on the clock.

    The tables are created on the connection, as they are and again as `placed_NAME` on the clock of the index date,
    replacing tables of the same names.
    """
    import ibis

    if connection is None:
        connection = ibis.duckdb.connect()
    tables = {name: _loaded(connection, name, _with_plain_words(name, getattr(data, name))) for name in TABLES}
    # Kept as tables, so that the query of a study names them instead of spelling them out for every leaf.
    kept: dict[str, ibis.Table] = {}
    for name, placed in place_patients(tables, index).items():
        kept[name] = connection.create_table(f"placed_{name}", placed, overwrite=True)
    for name, placed in place_rows(tables, kept["patients"], index).items():
        kept[name] = connection.create_table(f"placed_{name}", placed, overwrite=True)
    return EngineTables(connection=connection, **kept, inexact=_inexact(connection, kept))


def _with_plain_words(name: str, table: pa.Table) -> pa.Table:
    """Put beside each text that a rule reads its words in one writing, which engines would each make in their own way."""
    import pyarrow as pa

    for column in PLAIN.get(name, ()):
        plain = pa.array([plain_words(text) for text in table.column(column).to_pylist()], pa.string())
        table = table.append_column(f"{column}_plain", plain)
    return table


def _loaded(connection: Any, name: str, table: Any) -> ibis.Table:  # noqa: ANN401 - any backend, an Arrow table
    """Make a study table known to the engine; DuckDB reads Arrow where it lies."""
    if connection.name == "duckdb":
        connection.con.register(name, table)
        loaded: ibis.Table = connection.table(name)
        return loaded
    created: ibis.Table = connection.create_table(name, table, overwrite=True)
    return created


def place_patients(tables: dict[str, ibis.Table], index: IndexDate) -> dict[str, ibis.Table]:
    """Give every patient an index date, and the bounds of death and of the last contact."""
    import ibis

    patients = tables["patients"]
    if index.rule == "first dose":
        assert index.drugs is not None
        starts = tables["treatments"].filter(belongs(tables["treatments"], index.drugs))
        earliest = ibis.coalesce(starts.start, starts.start_earliest, ibis.date(1, 1, 1))
        firsts = starts.group_by("patient_id").agg(first=starts.start.min(), earliest=earliest.min())
        patients = patients.left_join(firsts, "patient_id").drop("patient_id_right")
        # A course that may have begun earlier leaves the first dose unknown.
        patients = patients.mutate(
            index_date=ibis.ifelse(patients.earliest >= patients["first"], patients["first"], ibis.null("date"))
        ).drop("first", "earliest")
    elif index.rule == "date on the patient":
        patients = patients.mutate(index_date=patients[index.field])
    else:
        patients = patients.mutate(index_date=ibis.null("date"))
    own = index.rule == "days as recorded"
    days = patients.select(index_patient=patients.patient_id, index_date=patients.index_date)
    events = tables["events"].left_join(days, [("patient_id", "index_patient")])
    fatal = (
        events.death.fill_null(False)
        | (events.grade.fill_null(0) == FATAL_GRADE)
        | events.outcome.fill_null("").lower().strip().isin(FATAL_OUTCOMES)
    )
    events = events.mutate(**_bounds(events, "start", "start_day", own), **_bounds(events, "stop", "stop_day", own))
    stopped = events.stop_low > -FAR
    events = events.mutate(
        died_low=ibis.ifelse(stopped, events.stop_low, events.start_low),
        died_high=ibis.ifelse(stopped, events.stop_high, FAR),
    ).filter(fatal)
    deaths = events.group_by("patient_id").agg(died_low=events.died_low.min(), died_high=events.died_high.min())
    patients = patients.left_join(deaths, "patient_id").drop("patient_id_right")
    bounds = {}
    for name, column in (("death", "death_day"), ("last_contact", "last_contact_day")):
        low, high = _bounds(patients, name, column, own).values()
        told = low > -FAR
        otherwise = (patients.died_low, patients.died_high) if name == "death" else (ibis.null("int64"),) * 2
        bounds[f"{name}_low"] = ibis.ifelse(told, low, otherwise[0].fill_null(FAR))
        bounds[f"{name}_high"] = ibis.ifelse(told, high, otherwise[1].fill_null(FAR))
    return {"patients": patients.mutate(**bounds).drop("died_low", "died_high")}


def place_rows(tables: dict[str, ibis.Table], patients: ibis.Table, index: IndexDate) -> dict[str, ibis.Table]:
    """Count every row's day from the index date; what lies after death or the last contact is left out."""
    import ibis

    own = index.rule == "days as recorded"
    ends = patients.select(
        index_patient=patients.patient_id,
        index_date=patients.index_date,
        end_low=ibis.least(patients.death_low, patients.last_contact_low),
        end_high=ibis.least(patients.death_high, patients.last_contact_high),
    )

    def dated(name: str) -> ibis.Table:
        rows = tables[name].left_join(ends, [("patient_id", "index_patient")])
        rows = rows.mutate(**_bounds(rows, "date", "day", own))
        rows = rows.mutate(
            day=ibis.ifelse(rows.day_low == rows.day_high, rows.day_low, ibis.null("int64")),
            day_high=ibis.least(rows.day_high, rows.end_high),
        ).filter(rows.day_low <= rows.end_high)
        return rows.drop("index_patient", "index_date", "end_low", "end_high")

    observations = dated("observations")
    observations = observations.mutate(
        number_low=ibis.coalesce(observations.number, observations.number_low),
        number_high=ibis.coalesce(observations.number, observations.number_high),
    )
    courses = tables["treatments"].left_join(ends, [("patient_id", "index_patient")])
    courses = courses.mutate(**_bounds(courses, "start", "start_day", own), **_bounds(courses, "stop", "stop_day", own))
    # Whether a stop is known to the day; follow-up may end the course before it.
    courses = courses.mutate(stop_told=courses.stop_low == courses.stop_high)
    courses = courses.mutate(ongoing=(courses.stop_low == -FAR) & courses.stop_known.fill_null(True))
    courses = courses.mutate(
        stop_low=ibis.least(ibis.ifelse(courses.ongoing, FAR, courses.stop_low), courses.end_low),
        stop_high=ibis.least(ibis.ifelse(courses.ongoing, FAR, courses.stop_high), courses.end_high),
    )
    courses = courses.filter(courses.start_low <= courses.stop_high)
    courses = courses.mutate(
        stop_low=ibis.greatest(courses.stop_low, courses.start_low),
        start_high=ibis.least(courses.start_high, courses.stop_high),
        per_day=_per_day(courses),
    )
    return {
        "observations": observations,
        "treatments": courses.drop("index_patient", "index_date", "end_low", "end_high"),
        "conditions": dated("conditions"),
        "events": _placed_events(tables["events"], ends, own),
    }


def _placed_events(events: ibis.Table, ends: ibis.Table, own: bool) -> ibis.Table:
    """Bound every event's onset and end; the onset by the end and by the end of follow-up."""
    import ibis

    rows = events.left_join(ends, [("patient_id", "index_patient")])
    rows = rows.mutate(**_bounds(rows, "start", "start_day", own), **_bounds(rows, "stop", "stop_day", own))
    latest = ibis.least(ibis.greatest(rows.start_low, rows.stop_high), rows.end_high)
    rows = rows.filter(rows.start_low <= rows.end_high)
    placed: ibis.Table = rows.mutate(start_high=ibis.least(rows.start_high, latest)).drop(
        "index_patient", "index_date", "end_low", "end_high"
    )
    return placed


def _bounds(rows: ibis.Table, name: str, column: str, own: bool) -> dict[str, Any]:
    """Bound the day of a date: from the date where there is one, else the day recorded, else from -FAR to FAR."""
    import ibis

    prefix = "day" if name == "date" else name
    recorded = rows[column]
    if own:
        return {f"{prefix}_low": recorded.fill_null(-FAR), f"{prefix}_high": recorded.fill_null(FAR)}
    found = {}
    for end, side, far in (("low", "earliest", -FAR), ("high", "latest", FAR)):
        from_date = days_between(ibis.coalesce(rows[name], rows[f"{name}_{side}"]), rows.index_date)
        day = ibis.coalesce(from_date, recorded)
        found[f"{prefix}_{end}"] = ibis.ifelse(rows.index_date.isnull(), far, day.fill_null(far))
    return found


def _inexact(connection: Any, tables: dict[str, ibis.Table]) -> frozenset[str]:  # noqa: ANN401 - any Ibis backend
    """Ask, in one query, what of these data is not exactly known."""
    import ibis

    patients, observations = tables["patients"], tables["observations"]
    courses, conditions = tables["treatments"], tables["conditions"]
    partial = [patients[f"{name}_earliest"].notnull() for name in ("birth_date", "onset_date", "diagnosis_date")]
    bounded = observations.number_low.notnull() | observations.number_high.notnull()
    asked = (
        ("patients", patients, partial[0] | partial[1] | partial[2]),
        ("days", observations, observations.day.isnull() & (observations.day_low > -FAR)),
        ("numbers", observations, observations.number.isnull() & bounded),
        ("courses", courses, (courses.start_low < courses.start_high) | (courses.stop_low < courses.stop_high)),
        ("conditions", conditions, conditions.day.isnull()),
        # Beyond the last contact nobody knows; and a death that is not exactly known bounds the courses it ended.
        ("courses", patients, (patients.last_contact_low < FAR) | (patients.death_low < patients.death_high)),
    )
    parts = [rows.agg(what=ibis.literal(what), found=ibis.ifelse(mark, 1, 0).max()) for what, rows, mark in asked]
    answers = connection.to_pyarrow(ibis.union(*parts)).to_pylist()
    return frozenset(one["what"] for one in answers if one["found"])


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


def _per_day(rows: ibis.Table) -> Any:  # noqa: ANN401 - a column
    """Give the milligrams per day that one unit of the dose stands for; NULL where it has none."""
    import ibis

    text = rows.every.strip()
    count = text.re_extract(r"^([0-9]+) ", 1).nullif("").try_cast("float64").fill_null(1.0)
    one = text.re_extract(r"^(?:[0-9]+ )?(day|week|month)s?$", 1)
    branches = [(one == word, ibis.literal(days_in_every(word))) for word in ("day", "week", "month")]
    every = count * ibis.cases(*branches, else_=ibis.null("float64"))
    times = ibis.coalesce(rows.times_per_day, 1.0 / every.nullif(0.0))
    # Two words for how often may contradict each other.
    once = rows.every.isnull()
    branches = []
    for unit, (per_dose, per_day) in DOSE_UNITS.items():
        if per_dose is not None:
            branches.append(((rows.dose_unit == unit) & (once | rows.times_per_day.isnull()), times * per_dose))
        else:
            branches.append(((rows.dose_unit == unit) & once, ibis.literal(per_day)))
    return ibis.cases(*branches, else_=ibis.null("float64"))
