"""A definition: what a clinical word means here, who said so, and examples that prove it."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from myosotis.errors import ProtocolError

__all__ = ["Citation", "Definition", "Direction", "Example", "Kind", "Range", "ValueType", "fingerprint"]

Kind = Literal["observation", "score", "criterion", "classification", "formula"]
Direction = Literal["higher is better", "lower is better", "neither"]
ValueType = Literal["number", "yes or no", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Name a source: `text` as a reference list prints it, `doi` without a resolver, `place` the table or page."""

    text: str
    doi: str = ""
    place: str = ""

    def __str__(self) -> str:
        parts = [self.text.rstrip(".")]
        if self.place:
            parts.append(self.place)
        if self.doi:
            parts.append(f"doi:{self.doi}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Bound the values an observation or score can take; None is no bound, `step` the grid it lies on, if any.

    Both ends are included unless said otherwise. Raises `ProtocolError` for a lower end above the upper.

    >>> Range(low=0, high=52, step=1).contains(52), Range(low=0, high=52).contains(53)
    (True, False)
    """

    low: float | None = None
    high: float | None = None
    low_included: bool = True
    high_included: bool = True
    step: float | None = None

    def __post_init__(self) -> None:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ProtocolError(
                f"a range from {_plain(self.low)} to {_plain(self.high)} holds no number; give the lower end as low"
            )

    def contains(self, value: float) -> bool:
        """Say whether a number lies within the bounds (NaN and infinities never do); the grid is not looked at."""
        if not math.isfinite(value):
            return False
        if self.low is not None and (value < self.low or (value == self.low and not self.low_included)):
            return False
        return not (self.high is not None and (value > self.high or (value == self.high and not self.high_included)))

    def on_grid(self, value: float) -> bool:
        """Say whether a number lies on the grid, within a billionth of a step; True where there is no grid.

        NaN and infinities lie on no grid. Far from the start of the grid the tolerance is the rounding of the number
        itself.
        """
        if self.step is None:
            return True
        if not math.isfinite(value):
            return False
        steps = (value - (self.low or 0.0)) / self.step
        return abs(steps - round(steps)) < max(1e-9, 8 * math.ulp(steps))

    def __str__(self) -> str:
        if self.low is None and self.high is None:
            text = "any number"
        elif self.high is None:
            text = f"{_plain(self.low)} or more" if self.low_included else f"more than {_plain(self.low)}"
        elif self.low is None:
            text = f"up to {_plain(self.high)}" if self.high_included else f"less than {_plain(self.high)}"
        else:
            text = f"{_plain(self.low)} to {_plain(self.high)}"
            if not self.low_included:
                text += f", {_plain(self.low)} excluded"
            if not self.high_included:
                text += f", {_plain(self.high)} excluded"
        return text + (f", in steps of {_plain(self.step)}" if self.step is not None else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """Show what a definition gives: `inputs` by moment and observation name, `expected` a number, text, truth or None.

    None means not evaluable. An example runs as a test on every engine. `note` says where it comes from.
    """

    inputs: Mapping[str, Any]
    expected: float | str | bool | None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """Describe one entry of the catalogue.

    `unit` is the unit of the value (`""` for a verdict, `"points"` for a score without a dimension); `range` and
    `direction` hold for numbers; `missing` says in words what a missing input does; `analyte` names the substance,
    where a unit conversion needs it. `decimals` is how many decimals a summary is told with, where the steps of the range do
    not say it. `note` holds what a user must know, such as how sure the source is.

    Raises `ProtocolError` when key, version, label, citation or the missing rule is empty, or a number has neither
    unit nor range.
    """

    key: str
    version: str
    kind: Kind
    label: str
    citations: tuple[Citation, ...]
    missing: str
    type: ValueType = "number"
    unit: str = ""
    range: Range | None = None
    direction: Direction = "neither"
    analyte: str = ""
    examples: tuple[Example, ...] = ()
    note: str = ""
    decimals: int | None = None

    def __post_init__(self) -> None:
        for name in ("citations", "examples"):
            # A list where a tuple is asked is kept as a tuple, as everywhere in a protocol.
            if isinstance(getattr(self, name), list):
                object.__setattr__(self, name, tuple(getattr(self, name)))
        for name in ("key", "version", "label", "citations", "missing"):
            if not getattr(self, name):
                raise ProtocolError(f"the definition {self.key!r} has no {name}; every definition states it")
        if self.type == "number" and (not self.unit or self.range is None):
            raise ProtocolError(f"the definition {self.key!r} is a number without unit or range; state both")


def fingerprint(definition: Definition, body: str) -> str:
    """Digest a definition with the rule it stands for into 16 hexadecimal digits.

    `body` is the rule in its canonical text, so that a changed rule gives a changed fingerprint. Wording that does
    not change a value (label, note, citations, examples, decimals) is left out.
    """
    parts = asdict(definition)
    for name in ("label", "note", "citations", "examples", "decimals"):
        del parts[name]
    text = json.dumps([parts, body], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:g}".replace("-", "−")
