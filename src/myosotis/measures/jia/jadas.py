"""The Juvenile Arthritis Disease Activity Score: with ESR, with CRP, without either, and its states."""

from __future__ import annotations

from collections.abc import Callable

from myosotis.core.definition import Citation, Definition, Example, Range
from myosotis.language.criteria import Categories, Criterion, all_of, any_of
from myosotis.language.values import Constant, Picked, Total, Value, Where
from myosotis.language.windows import Window
from myosotis.measures.declare import part_value
from myosotis.measures.jia.arthritis import CONSOLARO_2009, active_joints, active_joints_27, jia_polyarthritis
from myosotis.measures.measure import Measure
from myosotis.measures.observations import crp, erythrocyte_sedimentation_rate, parent_global, physician_global

__all__ = [
    "ACR_2021", "MEASURES", "cjadas10", "cjadas10_state_acr_2021", "cjadas27", "cjadas71", "jadas10", "jadas10_crp",
    "jadas10_state_acr_2021", "jadas27", "jadas27_crp", "jadas71", "jadas71_crp",
]  # fmt: skip

NORDAL_2012 = Citation(
    text="Nordal EB, Zak M, Aalto K, et al. Validity and predictive ability of the juvenile arthritis disease activity "
    "score based on CRP versus ESR in a Nordic population-based setting. Ann Rheum Dis 2012;71:1122-7",
    doi="10.1136/annrheumdis-2011-200237",
)
MCERLANE_2013 = Citation(
    text="McErlane F, Beresford MW, Baildam EM, et al. Validity of a three-variable Juvenile Arthritis Disease Activity "
    "Score in children with new-onset juvenile idiopathic arthritis. Ann Rheum Dis 2013;72:1983-8",
    doi="10.1136/annrheumdis-2012-202031",
)
TRINCIANTI_2021 = jia_polyarthritis.definition.citations[0]

# Upper ends of inactive disease, minimal and moderate activity, included: oligoarthritis, polyarthritis.
ACR_2021: dict[str, tuple[tuple[float, float], ...]] = {
    "jadas10": ((1.4, 2.7), (4.0, 6.0), (13.0, 17.0)),
    "cjadas10": ((1.1, 2.5), (4.0, 5.0), (12.0, 16.0)),
}
STATES = ("inactive disease", "minimal activity", "moderate activity", "high activity")


def _of_71(visit: Window) -> Value:
    return active_joints.at(visit)


def _of_27(visit: Window) -> Value:
    return active_joints_27.at(visit)


def _up_to_10(visit: Window) -> Value:
    count = active_joints.at(visit)
    return part_value("jadas_joints", "active joints, at most 10", "joints", _at_most(count, 10))


def _at_most(value: Value, most: float) -> Value:
    # Not the smaller of the two, which would be the bound where the value is missing.
    return Where(criterion=value > most, then=Constant(number=most), otherwise=value)


def _normalised(key: str, marker: Picked, floor: float) -> Value:
    """Give 0 up to the floor, a point for every ten above it, and 10 from the floor and a hundred on."""
    tens = (marker - floor) / 10
    bounded = Where(criterion=marker < floor, then=Constant(number=0.0), otherwise=_at_most(tens, 10))
    return part_value(key, f"{marker.label}, normalised to 0 to 10", "points", bounded)


def _esr(visit: Window) -> tuple[Value, ...]:
    return (_normalised("jadas_esr", erythrocyte_sedimentation_rate.at(visit), 20),)


def _crp(visit: Window) -> tuple[Value, ...]:
    return (_normalised("jadas_crp", crp.at(visit), 10),)


def _none(_: Window) -> tuple[Value, ...]:
    return ()


def _rule(joints: Callable[[Window], Value], marker: Callable[[Window], tuple[Value, ...]]) -> Callable[..., Value]:
    def rule(visit: Window) -> Value:
        return Total(of=(physician_global.at(visit), parent_global.at(visit), joints(visit), *marker(visit)))

    return rule


def _examples(joints: str, marker: str, floor: int) -> tuple[Example, ...]:
    """Work the sum out at the bounds of the marker and of the joints, one step beside them, and with each part missing."""
    whole: dict[str, float] = {"physician_global": 3.5, "parent_global": 2, joints: 4}
    raised = {marker: floor + 25} if marker else {}
    points = 2.5 if marker else 0.0
    found = [Example(inputs={"visit": {**whole, **raised}}, expected=9.5 + points)]
    found.append(Example(inputs={"visit": {**dict.fromkeys(whole, 0), **({marker: 0} if marker else {})}}, expected=0))
    found += [
        Example(inputs={"visit": {**whole, marker: value}}, expected=9.5 + expected, note=note)
        for value, expected, note in (
            (floor, 0.0, "the floor itself"),
            (floor + 1, 0.1, "one above the floor"),
            (floor - 1, 0.0, "below the floor"),
            (floor + 99, 9.9, "one below the ceiling"),
            (floor + 100, 10.0, "the ceiling itself"),
            (floor + 200, 10.0, "above the ceiling"),
        )
        if marker
    ]
    inputs = {**whole, **raised}
    found += [
        Example(inputs={"visit": {k: v for k, v in inputs.items() if k != lost}}, expected=None) for lost in inputs
    ]
    return tuple(found)


_TEN = (
    (10, 10, "ten active joints"),
    (11, 10, "of more than ten, ten count"),
    (71, 10, "every joint"),
    (9, 9, "nine active joints"),
)


def _score(key: str, count: str, marker: str) -> Measure:
    """Make one of the scores: by how joints are counted, and by its laboratory marker."""
    joints, rule, high = {
        "71": ("active_joints", _of_71, 71),
        "27": ("active_joints_27", _of_27, 27),
        "10": ("active_joints", _up_to_10, 10),
    }[count]
    name, points, floor, citations = {
        "ESR": ("erythrocyte_sedimentation_rate", _esr, 20, (CONSOLARO_2009,)),
        "CRP": ("crp", _crp, 10, (NORDAL_2012, CONSOLARO_2009)),
        "": ("", _none, 0, (MCERLANE_2013, CONSOLARO_2009)),
    }[marker]
    examples = _examples(joints, name, floor)
    if count == "10":
        base = {"physician_global": 0, "parent_global": 0, **({name: 0} if name else {})}
        examples += tuple(Example(inputs={"visit": {**base, joints: n}}, expected=e, note=note) for n, e, note in _TEN)
    sort = {"ESR": f"JADAS{count}", "CRP": f"JADAS{count} with CRP", "": f"clinical JADAS{count}"}[marker]
    return Measure(
        definition=Definition(
            key=key,
            version="1",
            kind="score",
            label=sort,
            citations=citations,
            missing="missing when any part is: the score is a sum of all of them",
            unit="points",
            range=Range(low=0, high=20 + high + (10 if marker else 0)),
            direction="lower is better",
            decimals=1,
            examples=examples,
            note="The sum of physician global (0 to 10), parent or patient global (0 to 10), active joints "
            + ("(at most 10 count)" if count == "10" else f"(of {count})")
            + (f" and {marker} normalised: ({marker} - {floor}) / 10, at least 0 and at most 10." if marker else "."),
        ),
        moments=("visit",),
        rule=_rule(rule, points),
    )


jadas10, jadas27, jadas71 = (_score(f"jadas{count}", count, "ESR") for count in ("10", "27", "71"))
jadas10_crp, jadas27_crp, jadas71_crp = (_score(f"jadas{count}_crp", count, "CRP") for count in ("10", "27", "71"))
cjadas10, cjadas27, cjadas71 = (_score(f"cjadas{count}", count, "") for count in ("10", "27", "71"))


def _state(key: str, score: Measure) -> Measure:
    bounds = ACR_2021[score.key]

    def rule(visit: Window) -> Categories:
        value = score.at(visit)
        assert isinstance(value, Value)
        poly = jia_polyarthritis.at(visit)
        # The cut-off of oligoarthritis is the lower one, so that below it the course does not matter.
        cases: list[tuple[str, Criterion]] = [
            (state, any_of(value <= oligo, all_of(poly, value <= many)))
            for state, (oligo, many) in zip(STATES[:-1], bounds, strict=True)
        ]
        return Categories(
            key=key, version="1", label=f"state by {score.definition.label}", cases=tuple(cases), otherwise=STATES[-1]
        )

    return Measure(
        definition=Definition(
            key=key,
            version="1",
            kind="classification",
            label=f"disease activity by {score.definition.label} (ACR 2021)",
            citations=(TRINCIANTI_2021,),
            missing="not evaluable without the score; without the course where the two courses would differ",
            type="text",
            examples=_state_examples(score.key),
            note="Upper bounds included, oligoarthritis and polyarthritis: "
            + "; ".join(f"{state} {one:g} and {many:g}" for state, (one, many) in zip(STATES, bounds, strict=False))
            + ". Made for oligoarthritis and polyarthritis without rheumatoid factor.",
        ),
        moments=("visit",),
        rule=rule,
    )


def _state_examples(score: str) -> tuple[Example, ...]:
    found = []
    for place, bounds in enumerate(ACR_2021[score]):
        for course, bound in zip(("no", "yes"), bounds, strict=True):
            for more, state in ((0.0, STATES[place]), (0.1, STATES[place + 1])):
                found.append(Example(inputs={"visit": _giving(score, round(bound + more, 1), course)}, expected=state))
    low, high = ACR_2021[score][0]
    found += [
        Example(inputs={"visit": _giving(score, low, "")}, expected=STATES[0], note="inactive by either course"),
        Example(inputs={"visit": _giving(score, high, "")}, expected=None, note="the course decides"),
        Example(inputs={"visit": {"jia_polyarthritis": "yes"}}, expected=None),
    ]
    return tuple(found)


def _giving(score: str, total: float, course: str) -> dict[str, float | str]:
    """Make inputs whose score is some number: joints first, then the physician, then the parent."""
    joints = min(10, int(total))
    rest = round(total - joints, 1)
    inputs: dict[str, float | str] = {
        "active_joints": joints, "physician_global": min(10.0, rest), "parent_global": round(rest - min(10.0, rest), 1)
    }  # fmt: skip
    marker = {"erythrocyte_sedimentation_rate": 5} if score == "jadas10" else {}
    return {**inputs, **marker, **({"jia_polyarthritis": course} if course else {})}


jadas10_state_acr_2021 = _state("jadas10_state_acr_2021", jadas10)
cjadas10_state_acr_2021 = _state("cjadas10_state_acr_2021", cjadas10)

MEASURES: tuple[Measure, ...] = (
    jadas10, jadas27, jadas71, jadas10_crp, jadas27_crp, jadas71_crp, cjadas10, cjadas27, cjadas71,
    jadas10_state_acr_2021, cjadas10_state_acr_2021,
)  # fmt: skip
