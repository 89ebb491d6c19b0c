"""Composite indices: JDMAI bands, hybrid strength, extramuscular mean, and the sums and cut-offs of skin tools."""

from __future__ import annotations

from myosotis.core.definition import Citation, Definition, Example, Range
from myosotis.language.criteria import Categories, Criterion
from myosotis.language.series import Series
from myosotis.language.values import Constant, CountTrue, Divide, FirstRecorded, Multiply, Total, Value
from myosotis.language.windows import Window
from myosotis.measures.citations import (
    ANYANWU_2015,
    HUBER_CAT_BM_2008,
    ISENBERG_2004,
    ROSINA_2024,
    SULTAN_2008,
    VARNIER,
)
from myosotis.measures.declare import measured
from myosotis.measures.jdm.cmas import CMAS_ITEMS, item_points
from myosotis.measures.jdm.instruments import (
    cdasi_activity,
    jdmai_1,
    jdmai_2,
    mdaat_cardiac,
    mdaat_constitutional,
    mdaat_cutaneous,
    mdaat_gastrointestinal,
    mdaat_pulmonary,
    mdaat_skeletal,
    mmt8,
)
from myosotis.measures.measure import Choice, Measure

__all__ = [
    "MEASURES", "OBSERVATIONS", "cat_bm_activity_from_lesions", "cat_bm_damage_from_lesions", "cdasi_improved",
    "cdasi_mild", "hybrid_mmt8_cmas", "jdmai_1_activity", "jdmai_2_activity", "mdaat_extramuscular",
]  # fmt: skip

_STATES = ("inactive", "low", "moderate", "high")

hmc_floor_rise = measured(
    "hmc_floor_rise", "floor rise as the hybrid score codes it", unit="points", low=0, high=9, step=1,
    direction="higher is better", source=VARNIER,
    note="Recoded from 0-4 to 0-9 by its authors; the table of codes is not at hand, so the recoded score is recorded.",
)  # fmt: skip


def _lesions(key: str, label: str, high: int) -> Series:
    return measured(
        key, label, unit="points", low=0, high=high, step=1, direction="lower is better", source=HUBER_CAT_BM_2008
    )


cat_bm_activity_lesions = _lesions("cat_bm_activity_lesions", "CAT-BM activity lesions present", 10)
cat_bm_combined_active = _lesions("cat_bm_combined_active", "CAT-BM combined lesions that are active", 7)
cat_bm_damage_lesions = _lesions("cat_bm_damage_lesions", "CAT-BM damage lesions present", 4)
cat_bm_combined_damage = _lesions("cat_bm_combined_damage", "CAT-BM combined lesions with damage", 7)

OBSERVATIONS: tuple[Definition, ...] = tuple(
    one.definition
    for one in (
        hmc_floor_rise, cat_bm_activity_lesions, cat_bm_combined_active, cat_bm_damage_lesions, cat_bm_combined_damage,
    )
)  # fmt: skip


def _activity(series: Series, edges: tuple[float, float, float], examples: tuple[tuple[float, str], ...]) -> Measure:
    definition = Definition(
        key=f"{series.definition.key}_activity",
        version="1",
        kind="classification",
        label=f"{series.definition.label} activity",
        citations=(ROSINA_2024,),
        missing="not evaluable without the index",
        type="text",
        unit="category",
        examples=(
            *(Example(inputs={"visit": {series.definition.key: value}}, expected=state) for value, state in examples),
            Example(inputs={"visit": {}}, expected=None),
        ),
        note=f"Inactive up to {edges[0]:g}, low up to {edges[1]:g}, moderate up to {edges[2]:g}, high above.",
    )

    def rule(visit: Window) -> Categories:
        value = series.at(visit)
        cases = tuple((state, value <= edge) for state, edge in zip(_STATES, edges, strict=False))
        return Categories(
            key=definition.key, version=definition.version, label=definition.label, cases=cases, otherwise="high"
        )

    return Measure(definition=definition, moments=("visit",), rule=rule)


jdmai_1_activity = _activity(
    jdmai_1,
    (2.4, 6.6, 11.0),
    (
        (0, "inactive"),
        (2.4, "inactive"),
        (2.5, "low"),
        (6.6, "low"),
        (6.7, "moderate"),
        (11, "moderate"),
        (11.1, "high"),
    ),
)
jdmai_2_activity = _activity(
    jdmai_2,
    (5.2, 8.5, 11.3),
    ((5.2, "inactive"), (5.3, "low"), (8.5, "low"), (8.6, "moderate"), (11.3, "moderate"), (11.4, "high")),
)

_HYBRID_ITEMS = ("cmas_head_elevation", "cmas_sit_ups")


def _hybrid(visit: Window) -> Value:
    items = tuple(item_points(item, visit) for item in CMAS_ITEMS if item.score.definition.key in _HYBRID_ITEMS)
    return Total(of=(mmt8.at(visit), *items, hmc_floor_rise.at(visit)))


def _strength(mmt: float | None, head: float, sit_ups: float, rise: float) -> dict[str, dict[str, float | None]]:
    return {
        "visit": {"mmt8": mmt, "cmas_head_elevation": head, "cmas_sit_ups": sit_ups, "hmc_floor_rise": rise}
    }  # fmt: skip


hybrid_mmt8_cmas = Measure(
    definition=Definition(
        key="hybrid_mmt8_cmas",
        version="1",
        kind="score",
        label="hybrid MMT-8 and CMAS (hMC)",
        citations=(VARNIER,),
        missing="not evaluable when a part is missing",
        unit="points",
        range=Range(low=0, high=100, step=1),
        direction="higher is better",
        examples=(
            Example(inputs=_strength(80, 5, 6, 9), expected=100.0),
            Example(inputs=_strength(0, 0, 0, 0), expected=0.0),
            Example(inputs=_strength(73, 3, 4, 5), expected=85.0),
            Example(inputs=_strength(None, 3, 4, 5), expected=None),
        ),
        note="MMT-8 (80), head elevation (5), sit-ups (6) and the recoded floor rise (9).",
    ),
    moments=("visit",),
    rule=_hybrid,
)

ORGANS: tuple[Series, ...] = (
    mdaat_constitutional, mdaat_cutaneous, mdaat_skeletal, mdaat_gastrointestinal, mdaat_pulmonary, mdaat_cardiac,
)  # fmt: skip


def _extramuscular(visit: Window) -> Value:
    scales = [organ.at(visit) for organ in ORGANS]
    recorded = Total(of=tuple(FirstRecorded(of=(one, Constant(number=0.0))) for one in scales))
    possible = Multiply(left=CountTrue(of=tuple(one.recorded() for one in scales)), right=Constant(number=10.0))
    return Divide(left=recorded, right=possible)


def _scales(*values: float | None) -> dict[str, dict[str, float | None]]:
    return {"visit": {organ.definition.key: value for organ, value in zip(ORGANS, values, strict=False)}}


mdaat_extramuscular = Measure(
    definition=Definition(
        key="mdaat_extramuscular",
        version="1",
        kind="score",
        label="MDAAT extramuscular activity",
        citations=(ISENBERG_2004, SULTAN_2008),
        missing="organs that were not assessed leave both sum and maximum; missing when none was",
        unit="1",
        range=Range(low=0, high=1),
        direction="lower is better",
        examples=(
            Example(inputs=_scales(10, 10, 10, 10, 10, 10), expected=1.0),
            Example(inputs=_scales(0, 0, 0, 0, 0, 0), expected=0.0),
            Example(inputs=_scales(1.0, 2.6, 0.0, 0.0, 0.6, 0.0), expected=0.07),
            Example(inputs=_scales(2, 4), expected=0.3, note="two organs assessed"),
            Example(inputs=_scales(), expected=None),
        ),
        note="The sum of the organ scales over the largest sum possible for the organs assessed. It is not the global "
        "extramuscular scale that response criteria use.",
    ),
    moments=("visit",),
    rule=_extramuscular,
)


def _lesion_sum(key: str, label: str, high: int, parts: tuple[Series, Series]) -> Measure:
    maxima = {one.definition.key: 0.0 if one.definition.range is None else one.definition.range.high for one in parts}

    def rule(visit: Window) -> Value:
        return Total(of=tuple(one.at(visit) for one in parts))

    return Measure(
        definition=Definition(
            key=key,
            version="1",
            kind="score",
            label=label,
            citations=(HUBER_CAT_BM_2008,),
            missing="missing when either count is",
            unit="points",
            range=Range(low=0, high=high, step=1),
            direction="lower is better",
            examples=(
                Example(inputs={"visit": maxima}, expected=float(high)),
                Example(inputs={"visit": dict.fromkeys(maxima, 0)}, expected=0.0),
                Example(inputs={"visit": {parts[0].definition.key: 2}}, expected=None),
            ),
        ),
        moments=("visit",),
        rule=rule,
    )


cat_bm_activity_from_lesions = _lesion_sum(
    "cat_bm_activity_from_lesions", "CAT-BM activity from lesions", 17,
    (cat_bm_activity_lesions, cat_bm_combined_active),
)  # fmt: skip
cat_bm_damage_from_lesions = _lesion_sum(
    "cat_bm_damage_from_lesions", "CAT-BM damage from lesions", 11, (cat_bm_damage_lesions, cat_bm_combined_damage)
)


def _mild(visit: Window) -> Criterion:
    return cdasi_activity.at(visit) <= 14


def _cdasi_improved(baseline: Window, visit: Window, at_least: float) -> Criterion:
    return cdasi_activity.at(baseline) - cdasi_activity.at(visit) >= at_least


def _criterion(key: str, label: str, examples: tuple[Example, ...], note: str, source: Citation) -> Definition:
    return Definition(
        key=key, version="1", kind="criterion", label=label, citations=(source,), type="yes or no", examples=examples,
        missing="not evaluable without the score", note=note,
    )  # fmt: skip


def _fall(before: float, after: float | None, at_least: float, expected: bool | None) -> Example:
    return Example(
        inputs={
            "baseline": {"cdasi_activity": before}, "visit": {"cdasi_activity": after}, "choices": {"at_least": at_least}
        },
        expected=expected,
    )  # fmt: skip


cdasi_mild = Measure(
    definition=_criterion(
        "cdasi_mild",
        "CDASI activity at most 14",
        (
            Example(inputs={"visit": {"cdasi_activity": 14}}, expected=True),
            Example(inputs={"visit": {"cdasi_activity": 15}}, expected=False),
            Example(inputs={"visit": {}}, expected=None),
        ),
        "Mild disease at one of two centres (adults). The other found 19 to separate mild from moderate, without saying "
        "on which side 19 itself lies; it is not shipped.",
        ANYANWU_2015,
    ),
    moments=("visit",),
    rule=_mild,
)
cdasi_improved = Measure(
    definition=_criterion(
        "cdasi_improved",
        "CDASI activity fell by what matters",
        (_fall(21, 17, 4, True), _fall(21, 18, 4, False), _fall(21, 16, 5, True), _fall(21, 17, 5, False),
         _fall(21, None, 4, None)),
        "The smallest fall that mattered was 4 points at one centre and 5 at the other (adults).",
        ANYANWU_2015,
    ),
    moments=("baseline", "visit"),
    rule=_cdasi_improved,
    choices=(
        Choice(
            key="at_least",
            label="by how many points CDASI activity must fall",
            example=5,
            options=((4, "as at the University of Pennsylvania"), (5, "as at Stanford University")),
        ),
    ),
)  # fmt: skip

MEASURES: tuple[Measure, ...] = (
    jdmai_1_activity,
    jdmai_2_activity,
    hybrid_mmt8_cmas,
    mdaat_extramuscular,
    cat_bm_activity_from_lesions,
    cat_bm_damage_from_lesions,
    cdasi_mild,
    cdasi_improved,
)
