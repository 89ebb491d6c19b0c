"""Seriousness of adverse events on the engine: the criteria of ICH E2A that an event meets, and those left open."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from myosotis.core.fatal import FATAL_GRADE, FATAL_OUTCOMES
from myosotis.measures.derived.seriousness import CRITERIA, NAMED, NOT_SERIOUS

if TYPE_CHECKING:
    import ibis

__all__ = ["criteria_met", "criteria_open", "serious"]

_AS_RECORDED = "as recorded"


def criteria_met(rows: ibis.Table) -> Mapping[str, Any]:
    """Give a truth column for each criterion of ICH E2A, and for what is recorded as serious without saying why."""
    import ibis

    fatal = (rows.grade.fill_null(0) == FATAL_GRADE) | rows.outcome_plain.isin(FATAL_OUTCOMES)
    met: dict[str, Any] = {}
    for fact, name in CRITERIA.items():
        met[name] = rows[fact].fill_null(False) | (fatal if name == "death" else ibis.literal(False))
    for name in dict.fromkeys(NAMED.values()):
        told = rows.said.re_search(_one_of(word for word, criterion in NAMED.items() if criterion == name))
        met[name] = met.get(name, ibis.literal(False)) | told.fill_null(False)
    other = met["death"]
    for name, column in met.items():
        other = other | (column if name != "death" else ibis.literal(False))
    met[_AS_RECORDED] = rows.serious.fill_null(False) & ~other
    return met


def serious(rows: ibis.Table, met: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a truth column
    """Say whether events are serious: by a criterion, or recorded so; not where recorded so, or all facts are denied."""
    import ibis

    some: Any = ibis.literal(False)
    for column in met.values():
        some = some | column
    denied: Any = ibis.literal(True)
    for fact in CRITERIA:
        denied = denied & (rows[fact] == False).fill_null(False)  # noqa: E712 - a column
    known = (rows.serious == False).fill_null(False) | denied  # noqa: E712 - a column
    read = rows.said.re_search(_all_of((*NAMED, *NOT_SERIOUS))).fill_null(True)
    return ibis.cases((some, True), (known & read, False), else_=ibis.null("boolean"))


def criteria_open(rows: ibis.Table, met: Mapping[str, Any]) -> Mapping[str, Any]:
    """Give a truth column for each criterion that nothing recorded meets or denies."""
    survived = rows.grade.notnull() | (rows.outcome_plain != "")
    told = (rows.serious == False).fill_null(False)  # noqa: E712 - a column
    found: dict[str, Any] = {}
    for fact, name in CRITERIA.items():
        open_ = rows[fact].isnull() & ~met[name] & ~told
        found[name] = open_ & ~survived if fact == "death" else open_
    return found


def _words(words: Iterable[str]) -> str:
    return "|".join(sorted((re.escape(word) for word in words if word), key=lambda word: (-len(word), word)))


def _one_of(words: Iterable[str]) -> str:
    """Match a list with commas or semicolons in which one of the words stands."""
    return f"(^|[,;]) ?({_words(words)}) ?([,;]|$)"


def _all_of(words: Iterable[str]) -> str:
    """Match a list with commas or semicolons in which no other word stands."""
    word = f" ?({_words(words)})? ?"
    return f"^{word}([,;]{word})*$"
