"""Muscle enzymes: multiples of each laboratory's own upper limit, and which enzyme is the most abnormal."""

from __future__ import annotations

from dataclasses import dataclass

from myosotis.core.definition import Definition, Example, Range
from myosotis.language.criteria import Categories, Criterion, all_of, any_of, not_
from myosotis.language.series import Series
from myosotis.language.values import Divide, FirstRecorded, Picked, Value, Where
from myosotis.language.windows import Window
from myosotis.measures.citations import RIDER_2011
from myosotis.measures.declare import part
from myosotis.measures.measure import Choice, Measure
from myosotis.measures.observations import aldolase, alt, ast, ck, ldh
from myosotis.measures.response import RIDER_2017

__all__ = [
    "ABNORMALITY", "ENZYMES", "MEASURES", "OBSERVATIONS", "Enzyme", "aldolase_times_upper_limit",
    "alt_times_upper_limit", "ast_times_upper_limit", "by_index_enzyme", "ck_times_upper_limit",
    "ldh_times_upper_limit", "limit_of", "most_abnormal_enzyme", "raised_muscle_enzyme",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Enzyme:
    """Hold an enzyme, the name of its category, and its range for total improvement in multiples of its upper limit."""

    name: str
    series: Series
    range_in_upper_limits: float


# In the order in which ties are broken. The ranges 15, 6 and 3 are those the response calculator is known to use; they
# could not be read in the papers themselves.
ENZYMES: tuple[Enzyme, ...] = (
    Enzyme(name="CK", series=ck, range_in_upper_limits=15.0),
    Enzyme(name="aldolase", series=aldolase, range_in_upper_limits=6.0),
    Enzyme(name="LDH", series=ldh, range_in_upper_limits=3.0),
    Enzyme(name="AST", series=ast, range_in_upper_limits=3.0),
    Enzyme(name="ALT", series=alt, range_in_upper_limits=3.0),
)

ABNORMALITY = Choice(
    key="most_abnormal_by",
    label="what makes an enzyme the most abnormal",
    example="upper limit",
    options=(
        ("upper limit", "the largest multiple of its own upper limit of normal"),
        ("range", "the largest share of its own range, CK 15, aldolase 6, LDH, AST and ALT 3 times the upper limit"),
    ),
)


def limit_of(*picks: Picked) -> Value:
    """Give the upper limit recorded with the first of several measurements that has one."""
    return picks[0].upper_limit if len(picks) == 1 else FirstRecorded(of=tuple(pick.upper_limit for pick in picks))


def _abnormality(enzyme: Enzyme, *windows: Window, by: object) -> Value:
    """Give how abnormal an enzyme is in the first window; its limit may have been recorded in a later one."""
    picks = [enzyme.series.at(window) for window in windows]
    share: Value = Divide(left=picks[0], right=limit_of(*picks))
    return share if by == "upper limit" else share / enzyme.range_in_upper_limits


def _is_index(position: int, *windows: Window, by: object) -> Criterion:
    """Ask whether an enzyme is recorded and more abnormal than all others recorded; ties go to the earlier in order.

    An enzyme that was recorded without its upper limit leaves the comparison open.
    """
    own = _abnormality(ENZYMES[position], *windows, by=by)
    verdicts: list[Criterion] = [ENZYMES[position].series.at(windows[0]).recorded()]
    for other, enzyme in enumerate(ENZYMES):
        if other != position:
            theirs = _abnormality(enzyme, *windows, by=by)
            wins = own > theirs if other < position else own >= theirs
            verdicts.append(any_of(not_(enzyme.series.at(windows[0]).recorded()), wins))
    return all_of(*verdicts)


def by_index_enzyme(values: tuple[Value, ...], *windows: Window, by: object) -> Value:
    """Give the value that belongs to the most abnormal enzyme of the first window.

    `values` has one value per entry of `ENZYMES`, each missing without that enzyme at baseline. Missing when no enzyme
    was recorded, or when one was recorded without an upper limit and could be the most abnormal.
    """
    chosen: Value = FirstRecorded(of=values)
    for position in reversed(range(len(ENZYMES))):
        chosen = Where(criterion=_is_index(position, *windows, by=by), then=values[position], otherwise=chosen)
    return chosen


def _most_abnormal(visit: Window, most_abnormal_by: object) -> Categories:
    cases = tuple(
        (
            enzyme.name,
            part(
                f"{enzyme.series.definition.key}_most_abnormal",
                f"{enzyme.name} is recorded and the most abnormal by {most_abnormal_by}",
                _is_index(position, visit, by=most_abnormal_by),
            ),
        )
        for position, enzyme in enumerate(ENZYMES)
    )
    definition = _MOST_ABNORMAL
    return Categories(
        key=definition.key, version=definition.version, label=definition.label, cases=cases, otherwise="none recorded"
    )


_BY_LIMIT = {"choices": {"most_abnormal_by": "upper limit"}}
_MOST_ABNORMAL = Definition(
    key="most_abnormal_enzyme",
    version="1",
    kind="classification",
    label="most abnormal muscle enzyme",
    citations=(RIDER_2017,),
    missing="an enzyme that was not measured is left out; one measured without its upper limit leaves open what "
    "depends on it",
    type="text",
    examples=(
        Example(
            inputs={"visit": {"ck": 340, "ck_upper_limit": 170, "alt": 120, "alt_upper_limit": 40}, **_BY_LIMIT},
            expected="ALT",
        ),
        Example(
            inputs={"visit": {"ck": 340, "ck_upper_limit": 170, "alt": 80, "alt_upper_limit": 40}, **_BY_LIMIT},
            expected="CK",
            note="a tie: both twice the upper limit",
        ),
        Example(
            inputs={
                "visit": {"ck": 1700, "ck_upper_limit": 170, "alt": 120, "alt_upper_limit": 40},
                "choices": {"most_abnormal_by": "range"},
            },
            expected="ALT",
            note="10 of 15 against 3 of 3",
        ),
        Example(inputs={"visit": {"ck": 340, "ck_upper_limit": 170, "alt": 120}, **_BY_LIMIT}, expected=None),
        Example(inputs={"visit": {}, **_BY_LIMIT}, expected="none recorded"),
    ),
    note="The source says the most abnormal of CK, aldolase, ALT, AST and LDH; it does not say by which measure. Ties "
    "go to CK, then aldolase, LDH, AST, ALT: a rule of this package.",
)
most_abnormal_enzyme = Measure(
    definition=_MOST_ABNORMAL, moments=("visit",), rule=_most_abnormal, choices=(ABNORMALITY,)
)


def _multiple(enzyme: Enzyme) -> Measure:
    key = enzyme.series.definition.key

    def rule(visit: Window) -> Value:
        value = enzyme.series.at(visit)
        return Divide(left=value, right=value.upper_limit)

    return Measure(
        definition=Definition(
            key=f"{key}_times_upper_limit",
            version="1",
            kind="formula",
            label=f"{enzyme.name} in multiples of its upper limit",
            citations=(RIDER_2011,),
            missing="missing without the enzyme or without the upper limit recorded with it",
            unit="× ULN",
            range=Range(low=0),
            direction="lower is better",
            examples=(
                Example(inputs={"visit": {key: 100, f"{key}_upper_limit": 40}}, expected=2.5),
                Example(inputs={"visit": {key: 40, f"{key}_upper_limit": 40}}, expected=1.0),
                Example(inputs={"visit": {key: 100}}, expected=None),
            ),
            note="The upper limit is that of the laboratory, for age and sex, recorded with the value.",
        ),
        moments=("visit",),
        rule=rule,
    )


(
    ck_times_upper_limit,
    aldolase_times_upper_limit,
    ldh_times_upper_limit,
    ast_times_upper_limit,
    alt_times_upper_limit,
) = (_multiple(enzyme) for enzyme in ENZYMES)


def _raised(visit: Window) -> Criterion:
    return any_of(*(one.series.at(visit) > one.series.at(visit).upper_limit for one in ENZYMES))


raised_muscle_enzyme = Measure(
    definition=Definition(
        key="raised_muscle_enzyme",
        version="1",
        kind="criterion",
        label="a muscle enzyme above its upper limit",
        citations=(RIDER_2011,),
        missing="true once one enzyme is above its own upper limit; false only when all five are known not to be",
        type="yes or no",
        examples=(
            Example(inputs={"visit": {"ck": 171, "ck_upper_limit": 170}}, expected=True),
            Example(inputs={"visit": {"ck": 170, "ck_upper_limit": 170}}, expected=None, note="the others are unknown"),
            Example(
                inputs={
                    "visit": {
                        name: number
                        for key in ("ck", "aldolase", "ldh", "ast", "alt")
                        for name, number in ((key, 40), (f"{key}_upper_limit", 40))
                    }
                },
                expected=False,
                note="each exactly at its limit",
            ),
        ),
        note="CK, aldolase, LDH, AST and ALT, each against the limit recorded with it; at the limit is not above it.",
    ),
    moments=("visit",),
    rule=_raised,
)

OBSERVATIONS: tuple[Definition, ...] = ()
MEASURES: tuple[Measure, ...] = (
    ck_times_upper_limit,
    aldolase_times_upper_limit,
    ldh_times_upper_limit,
    ast_times_upper_limit,
    alt_times_upper_limit,
    most_abnormal_enzyme,
    raised_muscle_enzyme,
)
