"""Outcomes by category over visits: how many patients reached what, with exact intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from myosotis.analysis.cohort import Cohort, Contribution
from myosotis.analysis.declaring import check_declared, check_once
from myosotis.analysis.section import Section, begin_lower, begin_upper, cell, table
from myosotis.errors import ProtocolError
from myosotis.language.sentences import sentence
from myosotis.language.structure import Node
from myosotis.language.windows import Window
from myosotis.results.schema import ResultRow
from myosotis.study.endpoint import Endpoint

__all__ = ["OutcomeOverVisits"]

_METHOD = "Clopper-Pearson"
_LEAVE_OUT = "leave_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeOverVisits:
    """Count an endpoint's levels at each of its visits.

    Every level gets its count, the denominator, the proportion and its exact interval; so does each group of levels
    in `together`, for example responders of either kind. `draw` asks for the bars of all levels over the visits.

    Raises `ProtocolError` for a group named like another or like a level, and for a member that is no level.
    """

    key: str
    title: str
    endpoint: Endpoint
    together: tuple[tuple[str, tuple[str, ...]], ...] = ()
    conf_level: float = 0.95
    draw: bool = True
    note: str = ""

    def __post_init__(self) -> None:
        check_declared(self)
        levels = self.endpoint.levels
        check_once(self, "levels and groups", [*levels, *(label for label, _ in self.together)])
        for label, members in self.together:
            unknown = [member for member in members if member not in levels]
            if unknown or not members:
                raise ProtocolError(
                    f"the group {label!r} of {self.key!r} names {', '.join(map(repr, unknown)) or 'no level'}; the levels "
                    f"are {', '.join(map(repr, levels))}"
                )

    def nodes(self) -> dict[str, Node]:
        """Name the expressions to be evaluated."""
        return {self._name(visit): self.endpoint.of(visit) for visit in self.endpoint.at}

    def compute(self, cohort: Cohort) -> Section:
        """Compute every number of the analysis."""
        parts = {
            visit: cohort.contribution(
                self._name(visit), self.endpoint.population.key, item=f"{self.endpoint.label} at {visit.label}"
            )
            for visit in self.endpoint.at
        }
        rows: dict[tuple[str, str, str], ResultRow] = {}
        for visit, part in parts.items():
            rows |= self._count(cohort, visit, part)
        return Section(
            rows=tuple(rows.values()),
            contributions=tuple(parts.values()),
            tables=(self._table(rows),),
            figures=(self._figure(rows),) if self.draw else (),
            findings=({"heading": self.title, "sentences": self._sentences(rows)},),
            methods=({"heading": self.title, "sentences": self._methods()},),
        )

    @property
    def _levels(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return (*((level, (level,)) for level in self.endpoint.levels), *self.together)

    @property
    def _shown(self) -> tuple[str, ...]:
        """Name the levels that the table and the text print: of yes and no, yes."""
        labels = tuple(label for label, _ in self._levels)
        return tuple(label for label in labels if label != "no") if self.endpoint.levels == ("yes", "no") else labels

    def _name(self, visit: Window) -> str:
        return f"{self.endpoint.key} at {visit.label}"

    def _count(self, cohort: Cohort, visit: Window, part: Contribution) -> dict[tuple[str, str, str], ResultRow]:
        from myosotis.statistics import clopper_pearson

        policy = self.endpoint.if_not_evaluable
        counted: list[tuple[str, ...]] = []
        judged: list[tuple[str, ...]] = []
        open_ = 0
        for patient, result in part.results.items():
            possible = self._possible(part, patient, result)
            open_ += len(possible) > 1
            judged.append(possible)
            if len(possible) > 1 and policy != _LEAVE_OUT and not self._settled(possible):
                possible = (policy,)
            if len(possible) == 1 or policy != _LEAVE_OUT:
                counted.append(possible)
        total = len(counted)
        common: dict[str, Any] = {
            "study": cohort.study, "analysis": self.key, "endpoint": self.endpoint.key,
            "population": self.endpoint.population.key, "visit": visit.label, "week": visit.week, "provenance_id": part.id,
        }  # fmt: skip
        rows = {
            (visit.label, "", "n_not_evaluable"): ResultRow(**common, statistic="n_not_evaluable", number=float(open_)),
            (visit.label, "", "n"): ResultRow(**common, statistic="n", number=float(total)),
        }
        for label, members in self._levels:
            count = sum(set(possible) <= set(members) for possible in counted)
            one: dict[str, Any] = {**common, "level": label}
            rows[visit.label, label, "count"] = ResultRow(**one, statistic="count", number=float(count))
            most = sum(bool(set(may_be) & set(members)) for may_be in judged)
            if open_ and most > count:
                rows[visit.label, label, "count_most"] = ResultRow(**one, statistic="count_most", number=float(most))
            rows[visit.label, label, "total"] = ResultRow(**one, statistic="total", number=float(total))
            if total == 0:
                rows |= self._without_patients(visit, label, one)
                continue
            interval = clopper_pearson(count, total, self.conf_level)
            exact: dict[str, Any] = {**one, "method": _METHOD, "conf_level": self.conf_level}
            rows[visit.label, label, "proportion"] = ResultRow(**one, statistic="proportion", number=count / total)
            rows[visit.label, label, "conf_low"] = ResultRow(**exact, statistic="conf_low", number=interval.low)
            rows[visit.label, label, "conf_high"] = ResultRow(**exact, statistic="conf_high", number=interval.high)
        return rows

    def _possible(self, part: Contribution, patient: str, result: object) -> tuple[str, ...]:
        if isinstance(result, bool):
            return ("yes",) if result else ("no",)
        return part.outcomes[patient].possible or ("yes", "no")

    def _settled(self, possible: Sequence[str]) -> bool:
        """Say whether an open outcome is at least known to lie in one of the groups of levels."""
        return any(set(possible) <= set(members) for _, members in self.together)

    def _without_patients(
        self, visit: Window, label: str, common: Mapping[str, Any]
    ) -> dict[tuple[str, str, str], ResultRow]:
        return {
            (visit.label, label, name): ResultRow(
                **common, statistic=name, number=None, status="not_estimable", note="no patient could be judged"
            )
            for name in ("proportion", "conf_low", "conf_high")
        }

    def _share(self, rows: Mapping[tuple[str, str, str], ResultRow], visit: Window, label: str) -> dict[str, Any]:
        names = ("count", "total", "conf_low", "conf_high")
        return cell("n_of_total_interval", *(rows[visit.label, label, name] for name in names))

    def _table(self, rows: Mapping[tuple[str, str, str], ResultRow]) -> dict[str, Any]:
        visits = self.endpoint.at
        lines: list[dict[str, Any]] = [
            {"label": label.capitalize(), "cells": [self._share(rows, visit, label) for visit in visits]}
            for label in self._shown
        ]
        open_ = [cell("integer", rows[visit.label, "", "n_not_evaluable"]) for visit in visits]
        lines.append({"label": "Not evaluable", "cells": open_})
        level = f"{self.conf_level:.0%}"
        counted = (
            "left out"
            if self.endpoint.if_not_evaluable == _LEAVE_OUT
            else f"counted as {self.endpoint.if_not_evaluable}"
        )
        return table(
            self.key,
            self.title,
            columns=[{"label": visit.label, "sub": ""} for visit in visits],
            rows=lines,
            note=f"n/N (%; exact {level} interval). Not evaluable patients are {counted}. {self.note}".strip(),
        )

    def _figure(self, rows: Mapping[tuple[str, str, str], ResultRow]) -> dict[str, Any]:
        levels = self.endpoint.levels
        bars = [
            {
                "visit": visit.label,
                "week": visit.week,
                "parts": [
                    {"level": level, **{name: rows[visit.label, level, name].id for name in ("count", "proportion")}}
                    for level in levels
                    if (visit.label, level, "count") in rows
                ],
            }
            for visit in self.endpoint.at
        ]
        return {
            "key": f"{self.key}-bars",
            "title": begin_upper(self.endpoint.label),
            "caption": f"By visit ({self.endpoint.population.label.lower()}).",
            "kind": "stacked_bars",
            "levels": list(levels),
            "bars": bars,
        }

    def _sentences(self, rows: Mapping[tuple[str, str, str], ResultRow]) -> list[dict[str, Any]]:
        last = self.endpoint.at[-1]
        shown = self._shown
        values = {f"level_{i}": self._share(rows, last, label) for i, label in enumerate(shown)}
        open_ = self._open_sentence(rows, last)
        if shown == ("yes",):
            template = f"At {last.label}, {{level_0}} had {begin_lower(self.endpoint.label)}."
            return [{"template": template, "values": values}, *open_]
        words = "; ".join(f"{label} {{level_{i}}}" for i, label in enumerate(shown))
        return [{"template": f"At {last.label}: {words}.", "values": values}, *open_]

    def _open_sentence(self, rows: Mapping[tuple[str, str, str], ResultRow], visit: Window) -> list[dict[str, Any]]:
        """Say how far the counts go if the patients who could not be judged counted; nothing where there are none."""
        most = [label for label in self._shown if (visit.label, label, "count_most") in rows]
        if not most:
            return []
        values = {f"most_{i}": cell("integer", rows[visit.label, label, "count_most"]) for i, label in enumerate(most)}
        values["open"] = cell("integer", rows[visit.label, "", "n_not_evaluable"])
        what = [begin_lower(self.endpoint.label)] if self._shown == ("yes",) else most
        counts = "; ".join(f"{label} {{most_{i}}}" for i, label in enumerate(what))
        return [
            {"template": f"Not evaluable at {visit.label}: {{open}}. With each that may be, counts are up to: {counts}.",
             "values": values}
        ]  # fmt: skip

    def _methods(self) -> list[str]:
        endpoint = self.endpoint
        missing = (
            "left out of the denominator and counted"
            if endpoint.if_not_evaluable == _LEAVE_OUT
            else f"counted as {endpoint.if_not_evaluable}"
        )
        events = [
            f"Intercurrent event: {event.name}; strategy: {event.strategy} ({event.how})."
            for event in endpoint.intercurrent
        ]
        rule = sentence(endpoint.of(endpoint.at[-1]))
        return [
            f"{begin_upper(endpoint.label)}, in {begin_lower(endpoint.population.label)}, "
            f"at {endpoint.at[-1].label}: {rule}.",
            f"A patient for whom it is not evaluable was {missing}.",
            *events,
            f"Summary: {endpoint.summary}.",
        ]
