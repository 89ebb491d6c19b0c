"""What of the catalogue was applied, and to which moments, to make an expression: told beside its rule, no part of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from myosotis.language.visit import Visit
from myosotis.language.windows import Window

__all__ = ["Applied"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """Tell the words that made an expression, so that it can be written as it was asked.

    `of` is the key of a measure, or the categories of which `is_in` was asked; `given` are the moments or the categories
    asked for, and `choices` what the protocol chose where the source leaves it open.
    """

    of: object
    word: Literal["at", "between", "category", "is_in"]
    given: tuple[Window | Visit | str, ...]
    choices: tuple[tuple[str, object], ...] = ()
