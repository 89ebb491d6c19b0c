"""A protocol out of TOML: tables are records, texts are expressions where one is asked, and nothing is executed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar, get_type_hints

from myosotis.core.catalogue import nearest_names
from myosotis.core.definition import Definition
from myosotis.core.toml_places import Array, Place, Table, Text, read_toml
from myosotis.document.expression import Names, evaluated
from myosotis.document.hints import alternatives, can_be, each, of_mapping, takes_text
from myosotis.document.kinds import kinds_of
from myosotis.document.placing import Placing
from myosotis.document.words import observed, words_of
from myosotis.errors import MyosotisError, ProtocolError
from myosotis.language.miscalled import miscalled

__all__ = ["IS", "NAMES", "NOT_EVALUABLE", "from_toml"]

# Which kind of record a table is; the table of the protocol's own names; and what stands for a result that there is not.
IS, NAMES, NOT_EVALUABLE = "is", "names", "not evaluable"

Declared = TypeVar("Declared")
# How a refusal names the field that it is about.
_FIELD = re.compile(r": (\w+) is ")
_START = Place(line=1, column=1)


def from_toml(text: str, kind: type[Declared], beside: Mapping[str, object] | None = None) -> Declared:
    """Read a declaration out of TOML; nothing of it is executed.

    A table holds the fields of a record, and says with `is` which kind of record it is where several can stand. A text is
    the text itself where a text is asked, and otherwise an expression (see `evaluated`). Under `[names]` stand the
    protocol's own names for expressions and records, in any order; an own observation or measure is named by its key, and
    so is what `beside` holds, as a file of definitions does. In `expects`
    the table `{is = "not evaluable"}` stands for a result that there is not.

    Raises `ProtocolError`, with line and column, for text that is no TOML, a field or kind that there is not (with the
    nearest name), a name that is not known, is one of the language's or uses itself, and for whatever the language refuses.
    """
    made: Declared = _Reading(read_toml(text), kind, beside or {}).protocol()
    return made


class _Reading:
    """Make the records of one file, those with a name once."""

    def __init__(self, root: Table, kind: type[Any], beside: Mapping[str, object]) -> None:
        self._root, self._kind = root, kind
        self._kinds = kinds_of(kind)  # type: ignore[arg-type]  # a class can be hashed
        self._words = words_of(kind)  # type: ignore[arg-type]
        self._placing = Placing()
        self._made: dict[str, Any] = {}
        self._open: list[str] = []
        self._own: dict[str, object] | None = None
        self._ruled: dict[str, object] | None = None
        self._beside = beside
        self._names = Names(find=self._find, known=self._known)

    def protocol(self) -> Any:  # noqa: ANN401 - of the kind asked
        with self._placing.at(_START):
            names = self._root.get(NAMES, Table())
            if not isinstance(names, Table):
                raise ProtocolError(f"{NAMES} is no table; write the protocol's own names under [{NAMES}]")
        for name in names:
            with self._placing.at(names.places[name]):
                if name in self._words:
                    raise ProtocolError(f"{name!r} is a word of the language or the catalogue; give another name")
                if not name.isidentifier():
                    raise ProtocolError(f"{name!r} cannot be used in an expression; name it with letters, digits and _")
        for name in names:
            self._find(name)
        return self._record(self._kind, self._root, _START, besides=(NAMES,))

    def _find(self, name: str) -> object:
        names = self._root.get(NAMES, {})
        if name in self._made:
            return self._made[name]
        if name in names:
            if name in self._open:
                raise ProtocolError(f"{name!r} uses itself; write it out")
            self._open.append(name)
            self._made[name] = self._value(None, names[name], names.value_places[name])
            self._open.pop()
            return self._made[name]
        if name in self._words:
            return self._words[name]
        own = self._observations()
        return own[name] if name in own else self._measures()[name]

    def _known(self) -> list[str]:
        return [*self._root.get(NAMES, {}), *self._words, *self._observations(), *self._measures()]

    def _observations(self) -> Mapping[str, object]:
        """Give the observations of the study's own by their keys; while they are read, those before them."""
        if self._own is None:
            self._own = dict(self._beside)
            for one in self._field("observations"):
                definition = getattr(one, "definition", one)
                if isinstance(definition, Definition):
                    self._own[definition.key] = observed(definition)
        return self._own

    def _measures(self) -> Mapping[str, object]:
        """Give the measures of the study's own, which are made of the observations, likewise."""
        if self._ruled is None:
            self._ruled = {}
            for one in self._field("measures"):
                self._ruled[getattr(one, "key", "")] = one
        return self._ruled

    def _field(self, name: str) -> tuple[object, ...]:
        hint = get_type_hints(self._kind).get(name)
        if hint is None or name not in self._root:
            return ()
        found = self._value(hint, self._root[name], self._root.value_places[name])
        return found if isinstance(found, tuple) else ()

    def _value(self, hint: Any, given: object, place: Place) -> Any:  # noqa: ANN401 - whatever a field holds
        """Make what a field of some annotation holds; without one, what an expression, a list or a record says."""
        if isinstance(given, Text):
            if takes_text(hint):
                return str(given)
            return evaluated(str(given), self._names, given.place_of, self._placing)
        if isinstance(given, Array):
            hints = each(hint, len(given))
            return tuple(self._value(*one) for one in zip(hints, given, given.places, strict=True))
        if isinstance(given, Table):
            return self._table(hint, given, place)
        return given

    def _table(self, hint: Any, given: Table, place: Place) -> Any:  # noqa: ANN401 - whatever a field holds
        if dict(given) == {IS: NOT_EVALUABLE}:
            return None
        inner = of_mapping(hint)
        if inner is not None:
            return {name: self._value(inner, one, given.value_places[name]) for name, one in given.items()}
        with self._placing.at(place):
            kind = self._kind_of(hint, given)
        return self._record(kind, given, place, besides=(IS,))

    def _kind_of(self, hint: Any, given: Table) -> type[Any]:  # noqa: ANN401 - an annotation
        possible = {
            name: one for name, one in self._kinds.items() if any(can_be(one, part) for part in alternatives(hint))
        }
        if IS in given:
            word = given[IS]
            if not isinstance(word, str) or word not in possible:
                raise ProtocolError(f"there is no kind {word!r} here; {nearest_names(str(word), list(possible))}")
            return possible[word]
        if len(possible) == 1:
            return next(iter(possible.values()))
        raise ProtocolError(f'say which kind of record this is, as in {IS} = "{next(iter(possible), "Window")}"')

    def _record(self, kind: type[Any], given: Table, place: Place, besides: tuple[str, ...]) -> Any:  # noqa: ANN401
        names, hints = [field.name for field in fields(kind)], get_type_hints(kind)
        for name in given:
            if name not in names and name not in besides:
                with self._placing.at(given.places[name]):
                    raise ProtocolError(f"{kind.__name__} has no {name!r}; {nearest_names(name, names)}")
        held = {
            name: self._value(hints[name], given[name], given.value_places[name]) for name in names if name in given
        }
        try:
            return kind(**held)
        except TypeError as error:
            with self._placing.at(place):
                raise ProtocolError(miscalled(error, []) or f"{kind.__name__} is not whole: {error}") from error
        except MyosotisError as error:
            field = _FIELD.search(str(error))
            with self._placing.at(given.value_places.get(field[1], place) if field is not None else place):
                raise
