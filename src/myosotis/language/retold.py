"""Python's own errors over the words of a protocol, told again as what was written, what there is and what to write."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError
from types import FrameType

from myosotis.language.miscalled import miscalled
from myosotis.language.misnamed import misnamed
from myosotis.language.words import is_own, kind_of, loaded

__all__ = ["retold"]

_ADVICE = {
    "Value": "a value, not known until it meets a patient; calculate with +, -, *, / and abs(), compare with <, <=, >, >= "
    'and .equals, and write Function(name="sqrt", of=value) for exp, ln, sqrt and floor',
    "Criterion": "a criterion, true, false or not evaluable for each patient; join it with all_of, any_of, none_of or "
    "at_least, and count several with CountTrue(of=(...))",
    "Categories": "categories; ask whether a patient is in one of them, with .is_in",
    "Series": "an observation without a visit; name one, as in cmas.at(window)",
    "Flag": "an observation without a visit; name one, as in ulceration.at(window)",
    "Measure": "a measure without a visit; name one, as in .at(window) or .between(baseline, visit)",
    "Treatment": "a treatment; ask it, as in .taken_on(0), .dose_at(0) or .days_on(first=0, last=84)",
    "Condition": "a condition; ask it, as in .ever() or .by(0)",
    "Window": "a window; its days are .first, .target and .last",
}


def retold(error: BaseException) -> str | None:
    """Tell an error of Python's again where it comes from using a word of this package wrongly; None where it does not.

    What fails in a function that the protocol itself defines is that function's, and what fails within this package is
    this package's: both are left as they are.
    """
    frames = _frames(error)
    theirs = [frame for frame in frames if not is_own(frame.f_globals)]
    if isinstance(error, FrozenInstanceError) and theirs:
        return f"{error}: what is declared never changes; give it where it is declared"
    if not theirs or theirs[-1] is not frames[-1]:
        return None
    if isinstance(error, AttributeError | NameError | ImportError):
        return misnamed(error, theirs)
    if isinstance(error, TypeError):
        return miscalled(error, theirs) or _misused(error, theirs)
    return None


def _frames(error: BaseException) -> list[FrameType]:
    found, trace = [], error.__traceback__
    while trace is not None:
        # What only hands a call on is no place where it could fail.
        if trace.tb_frame.f_code.co_name != "written_as_before":
            found.append(trace.tb_frame)
        trace = trace.tb_next
    return found


def _misused(error: TypeError, theirs: list[FrameType]) -> str | None:
    """Say what an expression is that was calculated, called, counted or looked into as if it were a plain number."""
    for name in re.findall(r"\w+", str(error)):
        if any(not _is_ours(frame.f_globals.get(name, name)) for frame in theirs):
            continue
        for one in loaded(name):
            kind = kind_of(one) if isinstance(one, type) else ""
            if kind in _ADVICE:
                return f"{error}: {name} is {_ADVICE[kind]}"
    if re.search(r"'(method|function)'", str(error)):
        return f"{error}: a function stands there and is not called; write its brackets, as in value.recorded()"
    return None


def _is_ours(value: object) -> bool:
    return isinstance(value, str) or str(getattr(value, "__module__", "")).startswith("myosotis.")
