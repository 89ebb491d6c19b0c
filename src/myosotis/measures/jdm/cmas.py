"""The Childhood Myositis Assessment Scale from its fourteen items, the timed ones from seconds."""

from __future__ import annotations

from dataclasses import dataclass

from myosotis.core.definition import Citation, Definition, Example, Range
from myosotis.language.criteria import Criterion
from myosotis.language.series import Series
from myosotis.language.values import Bands, FirstRecorded, Function, NamedValue, Total, Value
from myosotis.language.windows import Window
from myosotis.measures.citations import HUBER_2004, RENNEBOHM_2004
from myosotis.measures.declare import measured, part_value
from myosotis.measures.jdm.instruments import cmas
from myosotis.measures.measure import Choice, Measure

__all__ = ["CMAS_ITEMS", "MEASURES", "OBSERVATIONS", "CmasItem", "cmas_from_items", "cmas_improved", "item_points"]

_SHEET = Citation(
    text="Childhood Myositis Assessment Scale, scoring sheet (International Myositis Assessment and Clinical Studies "
    "Group)"
)
_SOURCES = (HUBER_2004, RENNEBOHM_2004, _SHEET)


@dataclass(frozen=True, slots=True, kw_only=True)
class CmasItem:
    """Hold one item: its recorded score, and its time in seconds with the seconds that end each score, if timed."""

    score: Series
    maximum: int
    time: Series | None = None
    last_seconds: tuple[float, ...] = ()


def _item(
    number: int, key: str, label: str, maximum: int, anchors: str, last_seconds: tuple[float, ...] = ()
) -> CmasItem:
    score = measured(
        f"cmas_{key}",
        f"CMAS item {number}, {label}",
        unit="points",
        low=0,
        high=maximum,
        step=1,
        direction="higher is better",
        source=_SOURCES,
        note=anchors,
    )
    time = None
    if last_seconds:
        time = measured(
            f"cmas_{key}_time",
            f"CMAS item {number}, {label}, time",
            unit="s",
            low=0,
            direction="higher is better",
            source=_SOURCES,
            example=9.5,
            note="Counted in whole seconds: 9.5 s is 9 s, since the sheet leaves gaps between its bands. 0 is unable.",
        )
    return CmasItem(score=score, maximum=maximum, time=time, last_seconds=last_seconds)


_LONG = (0.0, 9.0, 29.0, 59.0, 119.0)  # 0: unable; up to 9 s: 1; up to 29 s: 2; 59 s: 3; 119 s: 4; from 120 s: 5
_SHORT = (0.0, 9.0, 29.0, 59.0)  # the same up to 59 s; from 60 s: 4
_LONG_ANCHORS = "0 unable, 1 for 1 to 9 s, 2 for 10 to 29 s, 3 for 30 to 59 s, 4 for 60 to 119 s, 5 from 120 s on"

CMAS_ITEMS: tuple[CmasItem, ...] = (
    _item(1, "head_elevation", "head elevation", 5, _LONG_ANCHORS, _LONG),
    _item(2, "leg_raise", "leg raise to touch an object", 2, "0 leg not clear of the table, 1 clear, 2 object touched"),
    _item(3, "leg_lift", "straight leg lift", 5, _LONG_ANCHORS, _LONG),
    _item(4, "supine_to_prone", "supine to prone", 3, "0 unable, 3 no difficulty; some sheets end at 2"),
    _item(5, "sit_ups", "sit-ups", 6, "one point for each of six kinds: hands on thighs, across the chest, behind the "
          "head, each with and without counterbalance"),
    _item(6, "supine_to_sit", "supine to sit", 3, "0 unable, 1 much difficulty, 2 some, 3 none"),
    _item(7, "arm_raise", "arm raise", 3, "0 wrists not raised, 1 to the shoulder, 2 above the head with bent elbows, "
          "3 above the head with straight elbows"),
    _item(8, "arm_raise_duration", "arm raise, duration", 4,
          "0 unable, 1 for 1 to 9 s, 2 for 10 to 29 s, 3 for 30 to 59 s, 4 from 60 s on", _SHORT),
    _item(9, "floor_sit", "floor sit", 3, "0 unable, 3 no difficulty"),
    _item(10, "all_fours", "all-fours manoeuvre", 4, "0 cannot assume it, then maintain, raise the head, crawl, lift a "
          "leg"),
    _item(11, "floor_rise", "floor rise", 4, "0 unable, 1 to 3 with less and less help, 4 no difficulty"),
    _item(12, "chair_rise", "chair rise", 4, "0 unable, 1 hands on the chair, 2 hands on the thighs, 3 some "
          "difficulty, 4 none"),
    _item(13, "stool_step", "stool step", 3, "0 unable, 1 external support, 2 hand on own thigh, 3 no help"),
    _item(14, "pick_up", "pick-up from the floor", 3, "0 unable, 1 heavy support, 2 light support, 3 none"),
)  # fmt: skip


def item_points(item: CmasItem, visit: Window) -> NamedValue:
    """Give an item's points at a visit: from its time where that is recorded, else as they were scored."""
    definition = item.score.definition
    points: Value = item.score.at(visit)
    if item.time is not None:
        whole = Function(name="floor", of=item.time.at(visit))
        scale = tuple(float(score) for score in range(item.maximum + 1))
        points = FirstRecorded(of=(Bands(of=whole, edges=item.last_seconds, points=scale), points))
    return part_value(f"{definition.key}_points", definition.label, "points", points)


def _total(visit: Window) -> Value:
    return Total(of=tuple(item_points(item, visit) for item in CMAS_ITEMS))


def _inputs(**changed: float | None) -> dict[str, dict[str, float | None]]:
    best: dict[str, float | None] = {item.score.definition.key: float(item.maximum) for item in CMAS_ITEMS}
    return {"visit": {**best, **{f"cmas_{key}": value for key, value in changed.items()}}}


def _timed(seconds: float) -> dict[str, dict[str, float | None]]:
    inputs = _inputs(head_elevation=None, leg_lift=None, arm_raise_duration=None)
    return {
        "visit": {
            **inputs["visit"],
            "cmas_head_elevation_time": seconds,
            "cmas_leg_lift_time": seconds,
            "cmas_arm_raise_duration_time": seconds,
        }
    }


# All other items at their best give 38; the three timed ones add the rest.
_TIMES = (
    (0.0, 38), (0.9, 38), (1.0, 41), (9.0, 41), (9.5, 41), (10.0, 44), (29.9, 44), (30.0, 47), (59.9, 47), (60.0, 50),
    (119.9, 50), (120.0, 52), (600.0, 52),
)  # fmt: skip

cmas_from_items = Measure(
    definition=Definition(
        key="cmas_from_items",
        version="1",
        kind="score",
        label="CMAS from its items",
        citations=_SOURCES,
        missing="not evaluable when an item is missing: no rule for completing it is published",
        unit="points",
        range=Range(low=0, high=52, step=1),
        direction="higher is better",
        examples=(
            *(Example(inputs=_timed(seconds), expected=float(total)) for seconds, total in _TIMES),
            Example(inputs=_inputs(), expected=52.0, note="every item at its best"),
            Example(inputs={"visit": dict.fromkeys(_inputs()["visit"], 0)}, expected=0.0),
            Example(inputs=_inputs(sit_ups=2), expected=48.0),
            Example(inputs=_inputs(pick_up=None), expected=None),
        ),
        note="The maxima 5, 2, 5, 3, 6, 3, 3, 4, 3, 4, 4, 4, 3 and 3 add up to 52. A sheet whose item 4 ends at 2 gives "
        "51 at most; store cmas_version and do not mix sheets. Held 120 s is 5 points, although one copy of the sheet "
        "prints more than 2 minutes.",
    ),
    moments=("visit",),
    rule=_total,
)


def _improved(baseline: Window, visit: Window, at_least: float) -> Criterion:
    return cmas.at(visit) - cmas.at(baseline) >= at_least


def _gain(before: float | None, after: float | None, at_least: float, expected: bool | None) -> Example:
    return Example(
        inputs={"baseline": {"cmas": before}, "visit": {"cmas": after}, "choices": {"at_least": at_least}},
        expected=expected,
    )


cmas_improved = Measure(
    definition=Definition(
        key="cmas_improved",
        version="1",
        kind="criterion",
        label="CMAS improved by what matters",
        citations=(HUBER_2004,),
        missing="not evaluable when either score is missing",
        type="yes or no",
        examples=(
            _gain(41, 43, 1.5, True),
            _gain(41, 42, 1.5, False),
            _gain(41, 44, 3.0, True),
            _gain(41, 43, 3.0, False),
            _gain(41, None, 1.5, None),
        ),
        note="The published important difference is a span, 1.5 to 3 points; the protocol chooses.",
    ),
    moments=("baseline", "visit"),
    rule=_improved,
    choices=(
        Choice(
            key="at_least",
            label="by how many points CMAS must rise",
            example=3.0,
            options=((1.5, "the lower end of the published important difference"), (3.0, "its upper end")),
        ),
    ),
)

OBSERVATIONS: tuple[Definition, ...] = tuple(
    series.definition for item in CMAS_ITEMS for series in (item.score, item.time) if series is not None
)
MEASURES: tuple[Measure, ...] = (cmas_from_items, cmas_improved)
