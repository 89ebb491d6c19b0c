"""Seriousness of an adverse event, derived from the recorded facts by the criteria of ICH E2A."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from myosotis.core.fatal import is_fatal

__all__ = ["CRITERIA", "NAMED", "NOT_SERIOUS", "Seriousness", "seriousness"]

# The fact recorded on an event, and the criterion of ICH E2A (Clinical Safety Data Management: Definitions and
# Standards for Expedited Reporting, step 4, 27 October 1994, section II.B) that it meets.
CRITERIA: dict[str, str] = {
    "death": "death",
    "life_threatening": "life-threatening",
    "hospitalised": "hospitalisation",
    "disabling": "disability",
}
NAMED = {
    "death": "death", "fatal": "death",
    "life-threatening": "life-threatening", "life threatening": "life-threatening",
    "hospitalisation": "hospitalisation", "hospitalization": "hospitalisation",
    "prolonged hospitalisation": "hospitalisation", "prolonged hospitalization": "hospitalisation",
    "disability": "disability", "incapacity": "disability",
    "congenital anomaly": "congenital anomaly", "birth defect": "congenital anomaly",
    "medically important": "medically important", "important medical event": "medically important",
}  # fmt: skip
NOT_SERIOUS = ("", "no", "none", "not serious")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seriousness:
    """Record whether an event is serious, by which criteria, and what in its record contradicts that.

    `serious` is None where no criterion is met but not every fact is known. `criteria` are names of ICH E2A, or
    "as recorded" where the source says serious without saying why. `contradicted` is True where the source says not
    serious although a criterion is met; `unread` holds words for seriousness that name no criterion.
    """

    serious: bool | None
    criteria: tuple[str, ...]
    contradicted: bool
    unread: str = ""
    open: tuple[str, ...] = ()


def seriousness(event: Mapping[str, Any]) -> Seriousness:
    """Judge an event from its facts.

    `event` is a row of the events table. Any of death, life-threatening, hospitalised, disabling, a fatal outcome,
    grade 5, or a criterion named under `seriousness` makes it serious, whatever its grade and whatever `serious` says;
    so does a recorded `serious`. It is not serious when `serious` is recorded as no and no criterion is met, or when
    all four facts are recorded as no. Otherwise it is not evaluable (None). Several criteria may be named, separated
    by comma or semicolon.

    >>> seriousness({"hospitalised": True, "grade": 1, "serious": False}).contradicted
    True

    Source: ICH E2A, section II.B; severity is another axis than seriousness, same place.
    """
    met = [name for fact, name in CRITERIA.items() if event.get(fact) is True]
    if is_fatal(event):
        met.append("death")
    named, unread = _read_words(event.get("seriousness"))
    criteria = tuple(dict.fromkeys([*met, *named]))
    recorded = event.get("serious")
    told: dict[str, Any] = {"unread": unread, "open": _open(event, criteria)}
    if criteria:
        return Seriousness(serious=True, criteria=criteria, contradicted=recorded is False, **told)
    if recorded is True:
        return Seriousness(serious=True, criteria=("as recorded",), contradicted=False, **told)
    known = recorded is False or all(event.get(fact) is False for fact in CRITERIA)
    serious = False if known and not unread else None
    return Seriousness(serious=serious, criteria=(), contradicted=False, **told)


def _open(event: Mapping[str, Any], met: tuple[str, ...]) -> tuple[str, ...]:
    """List the criteria that nothing recorded meets or denies; a grade or an outcome below death denies death."""
    if event.get("serious") is False:
        return ()
    survived = event.get("grade") is not None or bool(_plain(event.get("outcome")))
    return tuple(
        name
        for fact, name in CRITERIA.items()
        if event.get(fact) is None and name not in met and not (fact == "death" and survived)
    )


def _read_words(text: str | None) -> tuple[list[str], str]:
    """Split the words under `seriousness` into criteria and what names none."""
    words = [_plain(part) for part in (text or "").replace(";", ",").split(",")]
    named = [NAMED[word] for word in words if word in NAMED]
    unread = [word for word in words if word not in NAMED and word not in NOT_SERIOUS]
    return named, ", ".join(unread)


def _plain(text: str | None) -> str:
    return " ".join((text or "").split()).casefold()
