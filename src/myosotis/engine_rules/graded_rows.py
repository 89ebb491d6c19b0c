"""Grade every value of laboratory tests in the days of follow-up on the engine, each the only one of its day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from myosotis.engine_rules.asked import GradesAsked
from myosotis.engine_rules.each_row import ASKED, each_row
from myosotis.language.compile import compile_bounds
from myosotis.language.engine import EngineTables
from myosotis.language.engine_leaves_picks import meets
from myosotis.language.values import Value
from myosotis.language.windows import Window
from myosotis.measures.derived.worst_grade import OUT_OF_REACH

if TYPE_CHECKING:
    import ibis

__all__ = ["graded_rows"]

# A value as it is recorded, and with limits of normal out of reach on either side where it lacks its own.
_AS_IS, _BELOW, _ABOVE = "as is", "limit below", "limit above"
_LIMITS = ("lower_limit", "upper_limit")


def graded_rows(asked: GradesAsked, tables: EngineTables) -> ibis.Table:
    """Build a table with a row for each value that may lie in follow-up.

    Its columns are owner, name, day, number, row_number (from 0 in the order of the source), count_of_rows, told (whether a
    grade could be told of the value itself), and low and high, between which its grade lies, both included.
    """
    import ibis

    rows = _rows(asked, tables)
    variants = [_variant(rows, _AS_IS, None)]
    variants += [_variant(rows, name, limit) for name, limit in zip((_BELOW, _ABOVE), OUT_OF_REACH, strict=True)]
    every = ibis.union(*variants)
    apart = each_row(every.select("row_id", "owner").distinct(), tables, observations=_alone(every, asked, tables))
    grades: dict[str, Value] = {}
    for i, test in enumerate(asked.tests):
        grade = test.at(asked.baseline, ASKED)
        assert isinstance(grade, Value)
        grades[f"grade_{i}"] = grade
    bounds = compile_bounds(grades, apart)
    graded = every.select("row_id", "row_key", "variant", "name").inner_join(
        bounds.rename(bounded="patient_id"), [("row_id", "bounded")]
    )
    own = {
        part: ibis.cases(
            *((graded.name == test.key, graded[f"grade_{i}_{part}"]) for i, test in enumerate(asked.tests)),
            else_=ibis.null("boolean" if part == "recorded" else "float64"),
        )
        for part in ("low", "high", "recorded")
    }
    graded = graded.select("row_key", "variant", grade_low=own["low"], grade_high=own["high"],
                           recorded=own["recorded"].fill_null(False))  # fmt: skip
    return _bounded(rows, _by_row(graded), asked)


def _rows(asked: GradesAsked, tables: EngineTables) -> ibis.Table:
    """Number the values that may lie in follow-up by day and place in the source."""
    import ibis

    seen = tables.observations.filter(tables.observations.name.isin([test.key for test in asked.tests]))
    bounded = seen.number_low.notnull() | seen.number_high.notnull()
    seen = seen.filter(bounded & _may_be_in(seen, asked.follow_up)).rename(owner="patient_id")
    place = [seen.day_low, seen.source_row, seen.source, seen.sheet.fill_null(""), seen.source_column.fill_null("")]
    each = ["owner", "name"]
    rows = seen.mutate(
        row_number=ibis.row_number().over(group_by=each, order_by=[*place, seen.day_high, seen.number_low]),
        count_of_rows=seen.count().over(group_by=each),
    )
    return rows.mutate(row_key=rows.owner + " " + rows.name + " " + rows.row_number.cast("string"))


def _may_be_in(rows: ibis.Table, window: Window) -> Any:  # noqa: ANN401 - a truth column
    return meets(rows, window.first, window.last, vague=True)


def _variant(rows: ibis.Table, name: str, limit: float | None) -> ibis.Table:
    """Take the rows as they are, or with a limit of normal in the place of one that is missing; close open ends."""
    import ibis

    low, high = rows.number_low, rows.number_high
    closed = {"number_low": low.fill_null(0.0), "number_high": high.fill_null(max(OUT_OF_REACH))}
    limits = {} if limit is None else {one: rows[one].fill_null(limit) for one in _LIMITS}
    return rows.mutate(**closed, **limits, variant=ibis.literal(name), row_id=rows.row_key + " " + name)


def _alone(rows: ibis.Table, asked: GradesAsked, tables: EngineTables) -> ibis.Table:
    """Give each row itself where it is asked, and what else of its test may be of baseline and is not of its day."""
    import ibis

    columns = tables.observations.columns
    never = ibis.literal(ASKED.target).cast("int64")
    itself = rows.mutate(patient_id=rows.row_id, day=never, day_low=never, day_high=never)
    seen = tables.observations
    before = seen.filter(_may_be_in(seen, asked.baseline))
    first = ibis.literal(asked.follow_up.first).cast("int64")
    pairs = rows.select("row_id", "owner", row_name="name", row_day=ibis.greatest(rows.day_low, first)).inner_join(
        before, [("owner", "patient_id"), ("row_name", "name")]
    )
    pairs = pairs.filter((pairs.day_low > pairs.row_day) | (pairs.day_high < pairs.row_day))
    # What has no last day may be of baseline, not of the day on which the row is asked.
    others = pairs.mutate(
        patient_id=pairs.row_id, name=pairs.row_name, day_high=ibis.least(pairs.day_high, ASKED.first - 1)
    )
    types = tables.observations.schema()
    return ibis.union(
        *(one.select(**{name: one[name].cast(types[name]) for name in columns}) for one in (itself, others))
    )


def _by_row(graded: ibis.Table) -> ibis.Table:
    """Lay the bounds of the three ways to read a row beside each other."""
    known = graded.recorded & graded.grade_low.notnull() & graded.grade_high.notnull()
    settled = known & (graded.grade_low == graded.grade_high)
    read = graded.mutate(known=known, settled=settled)
    found: dict[str, Any] = {}
    for short, name in (("own", _AS_IS), ("below", _BELOW), ("above", _ABOVE)):
        one = read.variant == name
        kept = one & (read.known if short == "own" else read.settled)
        found[f"{short}_low"] = read.grade_low.max(where=kept)
        found[f"{short}_high"] = read.grade_high.max(where=kept)
    return read.group_by("row_key").agg(**found).rename(graded_key="row_key")


def _bounded(rows: ibis.Table, graded: ibis.Table, asked: GradesAsked) -> ibis.Table:
    """Bound the grade of each row; of one that may lie outside follow-up only from above."""
    import ibis

    joined = rows.inner_join(graded, [("row_key", "graded_key")])
    highest = ibis.cases(*((joined.name == test.key, float(test.highest)) for test in asked.tests), else_=0.0)
    own, below, above = joined.own_low.notnull(), joined.below_low, joined.above_low
    either = below.notnull() & above.notnull()
    low = ibis.cases((own, joined.own_low), (either, ibis.ifelse(below < above, below, above)), else_=0.0)
    high = ibis.cases((own, joined.own_high), (either, ibis.ifelse(below < above, above, below)), else_=highest)
    sure = (joined.day_low >= asked.follow_up.first) & (joined.day_high <= asked.follow_up.last)
    return joined.select(
        "owner", "name", "day", "number", "row_number", "count_of_rows",
        told=own & (joined.own_low == joined.own_high),
        low=ibis.ifelse(sure, low.round().cast("int64"), 0),
        high=high.round().cast("int64"),
    )  # fmt: skip
