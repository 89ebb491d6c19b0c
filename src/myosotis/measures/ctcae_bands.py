"""How a CTCAE grade is cut from a value: by its limit of normal, by the patient's baseline, or by fixed bounds."""

from __future__ import annotations

from myosotis.language.criteria import Criterion
from myosotis.language.series import Series
from myosotis.language.values import Bands, Constant, Divide, Rounded, Value, Where
from myosotis.language.windows import Window
from myosotis.measures.declare import part_value
from myosotis.measures.safety_examples import BaselineTable

__all__ = ["GRADES", "below", "by_baseline", "by_limit", "multiples", "stepped"]

GRADES = (0.0, 1.0, 2.0, 3.0, 4.0)


def by_baseline(series: Series, table: BaselineTable, baseline: Window, visit: Window) -> Value:
    """Grade by multiples of the upper limit, or of the baseline where that was above its own upper limit."""
    before, now = series.at(baseline), series.at(visit)
    ratio = Rounded(of=Divide(left=now, right=before))
    begun = ratio >= table.first if table.first_included else ratio > table.first
    above = Bands(of=ratio, edges=table.abnormal, points=GRADES[1:])
    by_course = Where(criterion=begun, then=above, otherwise=Constant(number=0.0))
    first = f"{'from' if table.first_included else 'above'} {table.first:g}"
    return Where(
        criterion=before > before.upper_limit,
        then=_named("baseline", first, table.abnormal, by_course),
        otherwise=by_limit(series, table.normal, visit),
    )


def by_limit(series: Series, later: tuple[float, ...], visit: Window) -> Value:
    """Grade by multiples of the upper limit; this is also the grade of the baseline itself."""
    return _named("upper limit", "above 1", later, multiples(series, (1.0, *later), visit))


def _named(of: str, first: str, later: tuple[float, ...], grade: Value) -> Value:
    bounds = ", ".join(f"{number} above {bound:g}" for number, bound in enumerate(later, 2))
    label = f"the grade by multiples of the {of} (1 {first}, {bounds})"
    return part_value(f"grade_by_{of.replace(' ', '_')}", label, "grade", grade)


def multiples(series: Series, edges: tuple[float, ...], visit: Window) -> Value:
    """Grade by multiples of the upper limit recorded with the value: `edges` lie below the grade that follows."""
    now = series.at(visit)
    return Bands(of=Divide(left=now, right=now.upper_limit), edges=edges, points=GRADES)


def stepped(first_hit: tuple[tuple[Criterion, float], ...]) -> Value:
    """Give the grade of the first criterion that holds, else 0; grades come from the highest down."""
    graded: Value = Constant(number=0.0)
    for criterion, grade in reversed(first_hit):
        graded = Where(criterion=criterion, then=Constant(number=grade), otherwise=graded)
    return graded


def below(series: Series, bounds: tuple[float, ...], visit: Window) -> Value:
    """Grade a fall: `bounds` are those below which grades 2, 3 and so on begin; grade 1 is below the lower limit."""
    now = series.at(visit)
    steps = [(now < bound, grade) for bound, grade in zip(bounds, GRADES[2:], strict=False)]
    return stepped((*reversed(steps), (now < now.lower_limit, 1.0)))
