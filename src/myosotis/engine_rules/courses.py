"""What became of conditions from baseline to a visit, answered on the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from myosotis.core.portable import as_number
from myosotis.engine_rules.asked import CoursesAsked
from myosotis.language.engine import EngineTables
from myosotis.measures.derived.organ_course import ABSENT, BASELINE_OPEN, NEW, STATUS_WORDS

if TYPE_CHECKING:
    import ibis

__all__ = ["courses_table"]


def courses_table(asked: CoursesAsked, tables: EngineTables) -> ibis.Table:
    """Build a table with a row for each patient and condition that is recorded up to the visit: its outcome."""
    import ibis

    baseline, visit = asked.baseline, asked.visit
    rows = tables.conditions.filter(tables.conditions.name.isin(asked.conditions))
    word = ibis.cases(
        *((rows.status_plain.isin(words), outcome) for outcome, words in STATUS_WORDS.items()), else_="other"
    )
    rows = rows.mutate(word=word, dated=rows.day.notnull())
    each = ["patient_id", "name"]
    first = rows.dated & rows.day.between(baseline.first, baseline.last)
    later = rows.dated & rows.day.between(visit.first, visit.last)
    days = rows.group_by(each).agg(before_day=rows.day.max(where=first), after_day=rows.day.max(where=later))
    rows = rows.left_join(days.rename({"day_patient": "patient_id", "day_name": "name"}),
                          [("patient_id", "day_patient"), ("name", "day_name")])  # fmt: skip
    vague = ~rows.dated & (rows.day_low <= visit.last)
    sets = {
        "before": rows.dated & (rows.day == rows.before_day).fill_null(False),
        "after": rows.dated & (rows.day == rows.after_day).fill_null(False),
        "doubtful": vague & (rows.day_low <= baseline.last),
        "late": vague & (rows.day_high >= visit.first),
        "up_to": vague | (rows.dated & (rows.day <= visit.last)),
    }
    inside = (rows.day_low >= baseline.first) & (rows.day_high <= baseline.last)
    asked_of: dict[str, Any] = {f"{name}_n": as_number(member).sum() for name, member in sets.items()}
    for name in ("before", "doubtful"):
        asked_of[f"{name}_present"] = _any(sets[name] & (rows.word != "resolved"))
        asked_of[f"{name}_absent"] = _any(sets[name] & (rows.word == "resolved"))
    for name in ("after", "late"):
        asked_of |= {f"{name}_{word}": _any(sets[name] & (rows.word == word)) for word in (*STATUS_WORDS, "other")}
    asked_of["doubtful_inside"] = _any(sets["doubtful"] & inside)
    asked_of["earlier"] = _any(rows.dated & (rows.day < baseline.first))
    asked_of["new"] = _any(sets["up_to"] & (rows.word != "resolved") & (rows.day_low > baseline.last))
    found = rows.group_by(each).agg(**asked_of)
    found = found.filter(found.up_to_n > 0)
    return found.select("patient_id", "name", outcome=_outcome(found))


def _any(member: Any) -> Any:  # noqa: ANN401 - a column
    return as_number(member).max() == 1


def _outcome(f: ibis.Table) -> Any:  # noqa: ANN401 - a column
    """Decide from what is recorded at baseline, at the visit, and on days that are not exactly known."""
    import ibis

    words = (*STATUS_WORDS, "other")
    doubted, known = f.doubtful_n > 0, f.before_n > 0
    present, absent = f.before_present | f.doubtful_present, f.before_absent | f.doubtful_absent
    # Doubtful records stand for baseline where they agree and one of all is there for certain.
    agree = (known | f.doubtful_inside) & (present != absent)
    at_baseline = known | doubted
    is_present = ibis.ifelse(known, f.before_present, f.doubtful_present)
    is_absent = ibis.ifelse(known, f.before_absent, f.doubtful_absent)
    unlike: Any = ibis.literal(False)
    told: Any = ibis.literal(0)
    for word in words:
        unlike = unlike | (f[f"late_{word}"] & ~f[f"after_{word}"])
        told = told + as_number(f[f"after_{word}"])
    open_later = unlike | ((f.late_n > 0) & (f.after_n == 0))
    course = ibis.cases(
        (open_later, "not evaluable"),
        (f.after_n == 0, "not assessed"),
        ((told > 1) | f.after_other, "not evaluable"),
        *((f[f"after_{word}"], word) for word in STATUS_WORDS),
        else_="not evaluable",
    )
    return ibis.cases(
        (doubted & ~agree, BASELINE_OPEN),
        (at_baseline & is_present & is_absent, BASELINE_OPEN),
        (at_baseline & is_present, course),
        (~at_baseline & f.earlier, BASELINE_OPEN),
        (f.new, NEW),
        else_=ABSENT,
    )
