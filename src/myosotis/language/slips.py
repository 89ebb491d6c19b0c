"""Usual slips in a protocol: what was given in a few words, and how it becomes what is asked."""

from __future__ import annotations

from collections.abc import Mapping
from types import FunctionType, MethodType, UnionType
from typing import Any, NoReturn, Union, get_args, get_origin

from myosotis.errors import ProtocolError

__all__ = ["how", "is_unplaced", "like", "placed", "shown", "unplaced"]

_LIKE = {
    "Value": "a value, such as cmas.at(week_4)",
    "Criterion": "a criterion, such as cmas.at(week_4) >= 48",
    "Picked": "an observation picked from a window, such as cmas.at(week_4)",
    "Categories": "categories, such as a response of the catalogue",
    "Window": "a window, such as week(4, give_or_take=14)",
    "Series": "a series, such as cmas",
    "Treatment": 'a treatment, such as drugs("methotrexate", names=("methotrexate",))',
    "IndexDate": 'a day 0, such as first_dose("baricitinib")',
    "Measure": "a measure of the catalogue, such as ctcae_5_alt",
    "Definition": "a definition of the catalogue, such as cmas.definition",
    "str": "a text",
    "int": "a whole number",
    "float": "a number",
    "bool": "True or False",
    "NoneType": "None",
}


def shown(given: object) -> str:
    """Say in a few words what was given."""
    kinds = {kind.__name__ for kind in type(given).__mro__}
    if kinds & {"Series", "Flag", "Measure"}:
        return f"{given.definition.key}, without a visit"  # type: ignore[attr-defined]
    for kind in ("Value", "Criterion", "Categories"):
        if kind in kinds:
            return _LIKE[kind].partition(",")[0]
    if isinstance(given, MethodType):
        return f".{given.__name__} without its brackets"
    if isinstance(given, FunctionType):
        return "a function"
    if "Window" in kinds:
        return f"the window {given.label}"  # type: ignore[attr-defined]
    if isinstance(given, tuple | list):
        inside = ", ".join(shown(one) for one in given)
        text = f"[{inside}]" if isinstance(given, list) else f"({inside}{',' if len(given) == 1 else ''})"
    else:
        text = f"{given:.0f}" if isinstance(given, float) and given.is_integer() and abs(given) < 1e15 else repr(given)
    return text if len(text) <= 60 else f"{text[:57]}..."


def unplaced(series: object, *_: object) -> NoReturn:
    """Refuse to compare or calculate with a series or measure that no visit was named for."""
    raise ProtocolError(f"{series.definition.key} has no visit; write {placed(series)}")  # type: ignore[attr-defined]


def like(kind: Any, *, many: bool = False) -> str:  # noqa: ANN401 - an annotation
    """Say what a kind looks like where it is written; `many` says it of several."""
    if get_origin(kind) in (Union, UnionType):
        return " or ".join(like(one, many=many) for one in get_args(kind))
    if get_origin(kind) is tuple:
        return f"({', '.join(like(one) for one in get_args(kind))})"
    name = getattr(kind, "__name__", str(kind))
    if many and name == "str":
        return "texts"
    return _LIKE.get(name, f"a {name}" if kind in (Mapping, dict) else f"{name}(...)")


def is_unplaced(given: object) -> bool:
    """Say whether something is a series, flag or measure, which is nothing until a visit is named."""
    return bool({kind.__name__ for kind in type(given).__mro__} & {"Series", "Flag", "Measure"})


def placed(given: Any) -> str:  # noqa: ANN401 - a series, flag or measure
    """Write a series, flag or measure with its visits."""
    compares = len(getattr(given, "moments", ())) > 1
    return f"{given.definition.key}.{'between(baseline, visit)' if compares else 'at(window)'}"


def how(wanted: tuple[Any, ...] | list[Any], given: object) -> str:
    """Say how what was given becomes what is asked, where there is a usual slip."""
    names = {getattr(kind, "__name__", "") for kind in wanted}
    kinds = {kind.__name__ for kind in type(given).__mro__}
    if isinstance(given, MethodType):
        return f": call it, .{given.__name__}(...)"
    if isinstance(given, FunctionType):
        return ": call it, as in responder(week_4), or with Visit() where every visit is asked"
    if is_unplaced(given) and names & {"Value", "Criterion", "Categories", "Picked"}:
        return f": write {placed(given)}"
    if "Value" in kinds and "Criterion" in names:
        return ": compare it, as in value >= 4, or ask whether it was recorded, value.recorded()"
    if "Criterion" in kinds and "Value" in names:
        return ": a criterion is true or false; give what it compares, or count it with Share"
    if "Categories" in kinds and "Criterion" in names:
        return f": ask whether it is one of them, .is_in({given.levels[0]!r})"  # type: ignore[attr-defined]
    if type(given).__name__ == "Treatment":
        return ": ask the treatment, as in .taken_on(0) or .dose_at(0)"
    if type(given).__name__ == "Condition":
        return ": ask the condition, as in .ever() or .by(0)"
    if type(given).__name__ == "Window" and "Value" in names:
        return ": a window has several days; give one of them, as in week_4.target, week_4.first or week_4.last"
    if isinstance(given, str) and names & {"int", "float"}:
        return ", without quotes"
    if isinstance(given, str) and "Value" in names:
        return ": or a number without quotes; days are counted from day 0"
    return ""
