"""A protocol out of plain data: the same records, each checked as if it were written in `protocol.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any, TypeVar

from myosotis.core.catalogue import nearest_names
from myosotis.core.definition import fingerprint
from myosotis.document.kinds import kinds_of
from myosotis.document.shared import KIND, USE
from myosotis.document.write import APPLIED, FORMAT, MEASURE, OBSERVATION
from myosotis.errors import MyosotisError, ProtocolError
from myosotis.language.applied import Applied
from myosotis.language.criteria import Categories
from myosotis.language.declared import check_fields
from myosotis.measures.catalogue import fingerprint_of_measure, measures
from myosotis.measures.measure import Measure
from myosotis.measures.modules import observations

__all__ = ["from_document"]

Declared = TypeVar("Declared")


def from_document(document: Mapping[str, Any], kind: type[Declared]) -> Declared:
    """Read a declaration out of plain data, the inverse of `to_document`; nothing is executed.

    Raises `ProtocolError`, with the place, for another format, a kind or field that there is not, a value of another kind,
    a definition that the catalogue holds in another version, and records that use each other in a circle.
    """
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        found = document.get("format") if isinstance(document, Mapping) else type(document).__name__
        raise ProtocolError(f"the document is of the format {found!r}; this version reads {FORMAT!r}")
    kinds = kinds_of(kind)  # type: ignore[arg-type]  # a class can be hashed
    try:
        made = _Reading(kinds, document.get("shared", {})).made(document.get("protocol"), ())
    except RecursionError as error:
        raise ProtocolError("the document is nested too deeply to be a protocol") from error
    if not isinstance(made, kind):
        raise ProtocolError(f"the document holds a {type(made).__name__}; expected a {kind.__name__}")
    return made


class _Reading:
    """Make the records of one document, those that are shared once."""

    def __init__(self, kinds: Mapping[str, type], shared: Mapping[str, Any]) -> None:
        self._kinds = kinds
        self._shared = shared
        self._made: dict[str, Any] = {}
        self._open: list[str] = []
        self._told: MyosotisError | None = None

    def made(self, data: Any, where: tuple[str, ...]) -> Any:  # noqa: ANN401 - whatever a field holds
        if isinstance(data, list):
            return tuple(self.made(one, (*where, str(place))) for place, one in enumerate(data, start=1))
        if not isinstance(data, dict):
            return data
        if USE in data:
            return self._used(data[USE], where)
        if KIND not in data:
            return {name: self.made(one, (*where, name)) for name, one in data.items()}
        kind, given = data[KIND], {name: one for name, one in data.items() if name != KIND}
        try:
            return self._record(kind, given, where)
        except MyosotisError as error:
            if error is self._told:
                raise
            raise self._placed(error, where) from error

    def _used(self, name: object, where: tuple[str, ...]) -> Any:  # noqa: ANN401 - whatever a field holds
        if not isinstance(name, str) or name not in self._shared:
            told = nearest_names(str(name), list(self._shared))
            raise self._placed(ProtocolError(f"nothing shared is called {name!r}; {told}"), where)
        if name in self._open:
            raise self._placed(ProtocolError(f"{name!r} uses itself; write it out"), where)
        if name not in self._made:
            self._open.append(name)
            self._made[name] = self.made(self._shared[name], ("shared", name))
            self._open.pop()
        return self._made[name]

    def _record(self, kind: object, given: dict[str, Any], where: tuple[str, ...]) -> Any:  # noqa: ANN401 - any kind
        if kind == "date":
            return _day(given)
        if kind == OBSERVATION:
            return _known(given, observations(), "observation")
        if kind == MEASURE:
            return _known(given, measures(), "measure")
        if kind == APPLIED:
            return self._applied(given, where)
        if not isinstance(kind, str) or kind not in self._kinds:
            raise ProtocolError(f"there is no kind {kind!r}; {nearest_names(str(kind), list(self._kinds))}")
        record = self._kinds[kind]
        names = [field.name for field in fields(record)]
        unknown = sorted(set(given) - set(names))
        if unknown:
            raise ProtocolError(f"{kind} has no {unknown[0]!r}; {nearest_names(unknown[0], names)}")
        held = {name: self.made(one, (*where, name)) for name, one in given.items()}
        try:
            made = record(**held)
        except TypeError as error:
            raise ProtocolError(f"{kind} is not whole: {error}") from error
        check_fields(made)
        return made

    def _placed(self, error: MyosotisError, where: tuple[str, ...]) -> MyosotisError:
        """Say where in the document; once, since the records around it are left with the same error."""
        self._told = type(error)(f"{', '.join(where) or 'protocol'}: {error}")
        return self._told

    def _applied(self, given: dict[str, Any], where: tuple[str, ...]) -> Any:  # noqa: ANN401 - any expression
        of = self.made(given.get("of"), (*where, "of"))
        applied = Applied(
            of=of.key if isinstance(of, Measure) else of,
            word=given.get("word"),  # type: ignore[arg-type]  # checked below
            given=self.made(given.get("given", []), (*where, "given")),
            choices=tuple(sorted(given.get("choices", {}).items())),
        )
        check_fields(applied)
        if isinstance(of, Measure) and applied.word != "is_in":
            return of.apply(applied)
        if isinstance(of, Categories) and applied.word == "is_in":
            return of.is_in(*applied.given)  # type: ignore[arg-type]  # is_in checks its categories
        raise ProtocolError(f"{applied.word} cannot be asked of a {type(of).__name__}")


def _day(given: Mapping[str, Any]) -> date:
    try:
        return date.fromisoformat(given["day"])
    except (KeyError, TypeError, ValueError) as error:
        raise ProtocolError(f"the date is {given.get('day')!r}; write it as 2020-01-31") from error


def _known(given: Mapping[str, Any], catalogue: Mapping[str, Any], what: str) -> Any:  # noqa: ANN401 - either
    key = str(given.get("key"))
    if key not in catalogue:
        raise ProtocolError(f"the catalogue has no {what} {key!r}; {nearest_names(key, list(catalogue))}")
    found = catalogue[key]
    definition = found.definition if isinstance(found, Measure) else found
    digest = fingerprint_of_measure(key) if isinstance(found, Measure) else fingerprint(found, "")
    if (given.get("version"), given.get("fingerprint")) != (definition.version, digest):
        raise ProtocolError(
            f"the document was written with the {what} {key!r} version {given.get('version')} "
            f"({given.get('fingerprint')}); this catalogue holds version {definition.version} ({digest}), which says "
            "something else; read it with the version that wrote it, or declare the study anew"
        )
    return found
