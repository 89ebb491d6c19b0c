"""What missing values could change, in short words."""

from __future__ import annotations

from myosotis.analysis import ChangeSensitivity, ResponseSensitivity
from myosotis.errors import ProtocolError
from myosotis.language.checked import word
from myosotis.language.criteria import Criterion
from myosotis.language.values import Value
from myosotis.language.visit import Visit
from myosotis.language.windows import Window
from myosotis.plan.described import Asked, Described, described, placed
from myosotis.plan.draft import Draft, Said, drafted, or_said
from myosotis.study import Population
from myosotis.study.population import EVERYONE

__all__ = ["sensitivity"]


@word
def sensitivity(
    of: Asked,
    *,
    title: str = "",
    key: str = "",
    label: str = "",
    threshold: float | None = None,
    unit: str = "",
    worst: float | None = None,
    best: float | None = None,
    shifts: tuple[float, ...] | None = None,
    imputations: int = 20,
    decimals: int | None = None,
    visits: tuple[Window, ...] | None = None,
    conf_level: float | None = None,
    population: Population = EVERYONE,
    note: str = "",
) -> Draft:
    """Show what missing values could change, under each way of treating them.

    Of a criterion: how many responded at the last of the visits after the first, and how many of the missing must have for
    the lower limit to reach `threshold`. Of a number: its mean change from the first visit to the last, and which of
    `shifts` of imputed values turns the answer; `worst` and `best`, the ends of its scale, are those of its definition
    unless given.
    """
    return drafted(
        "sensitivity", _make_sensitivity, of=of, title=title, key=key, label=label, threshold=threshold, unit=unit,
        worst=worst, best=best, shifts=shifts, imputations=imputations, decimals=decimals, baseline=Said.FIRST_VISIT,
        visits=visits, every=Said.VISITS, later=Said.LATER_VISITS, conf_level=or_said(conf_level, Said.CONF_LEVEL),
        population=population, note=note,
    )  # fmt: skip


def _make_sensitivity(
    of: Asked, title: str, key: str, label: str, threshold: float | None, unit: str, worst: float | None,
    best: float | None, shifts: tuple[float, ...] | None, imputations: int, decimals: int | None, baseline: Window,
    visits: tuple[Window, ...] | None, every: tuple[Window, ...], later: tuple[Window, ...], conf_level: float,
    population: Population, note: str,
) -> ResponseSensitivity | ChangeSensitivity:  # fmt: skip
    known, asked = described(of), placed(of, Visit(), baseline)
    name = label or known.label
    if not name or not (key or known.key):
        raise ProtocolError("sensitivity: no definition names this; give key= and label=")
    shared = {
        "key": key or f"{known.key}_sensitivity", "title": title or f"What missing values could change: {name}",
        "label": name, "conf_level": conf_level, "population": population, "note": note,
    }  # fmt: skip
    if isinstance(asked, Criterion):
        if threshold is None:
            raise ProtocolError(
                "sensitivity of a response needs threshold=, the share that the lower limit is held against, such as 0.3"
            )
        return ResponseSensitivity(
            of=asked, visits=later if visits is None else visits, threshold=threshold, **shared  # type: ignore[arg-type]
        )  # fmt: skip
    if not isinstance(asked, Value):
        raise ProtocolError(f"{name} has categories; ask whether it is one of them, with .is_in")
    low, high = _ends(known, worst, best)
    digits = known.decimals if decimals is None else decimals
    return ChangeSensitivity(
        of=asked, visits=every if visits is None else visits, unit=unit or known.unit, worst=low, best=high,
        imputations=imputations, shifts=tuple(shifts or ()), decimals=1 if digits is None else digits, **shared,  # type: ignore[arg-type]
    )  # fmt: skip


def _ends(known: Described, worst: float | None, best: float | None) -> tuple[float, float]:
    """Give the ends of a scale: those that were given, else those of the definition, by which way is better."""
    ends = {"higher is better": (known.low, known.high), "lower is better": (known.high, known.low)}
    told = ends.get(known.direction, (None, None))
    found = (told[0] if worst is None else worst, told[1] if best is None else best)
    if found[0] is None or found[1] is None:
        raise ProtocolError(
            f"sensitivity: the definition of {known.label or 'this'} does not say both ends of its scale; give worst= and "
            "best="
        )
    return found[0], found[1]
