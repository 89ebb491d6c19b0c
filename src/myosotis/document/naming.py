"""Which parts of a protocol get a name of their own where it is written, and which name."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from myosotis.analysis import Friedman
from myosotis.document.wording import Wording
from myosotis.document.write import applied_again, applied_of, at_default
from myosotis.language.criteria import Categories, Criterion
from myosotis.language.series import Treatment
from myosotis.language.values import Constant, Drugs, Picked, Value
from myosotis.language.windows import Window
from myosotis.study import Population

__all__ = ["Naming"]

# What is short is easier to read where it stands than to look up.
_SHORT = 60
_ORDER = (Window, Treatment, Value, Criterion, Categories, Friedman, Population)
_SECOND = {Window: "window", Treatment: "drugs", Population: "patients"}


class Naming:
    """Give names to windows, populations, treatments, and to what is long and stands there more than once.

    Names come from labels and keys, differ from each other, and are no word of the language or the catalogue. `parts`
    holds what they stand for, in an order to be read in.
    """

    def __init__(self, protocol: object, words: Mapping[str, object], own: Mapping[str, object]) -> None:
        # Two parts are the same when their text is: what is asked of the visit at hand cannot be hashed.
        self._plain, self._wording = Wording(lambda _: None, own), Wording(self.find, own)
        self._texts: dict[int, str] = {}
        self._names: dict[str, str] = {}
        self.parts: dict[str, object] = {}
        every = sorted(_parts_of(protocol), key=_rank)
        counted = Counter(map(self._text, every))
        taken = {**words, **own}
        for part in every:
            if isinstance(part, Window | Population) or (isinstance(part, Treatment) and counted[self._text(part)] > 1):
                self._name(part, taken)
        for part in every:
            if counted[self._text(part)] > 1 and len(self._wording.text(part)) > _SHORT:
                self._name(part, taken)
        self.parts = dict(sorted(self.parts.items(), key=lambda item: _rank(item[1])))

    def find(self, part: object) -> str | None:
        """Give the name of a part, None where it has none."""
        return self._names.get(self._text(part)) if isinstance(part, _ORDER) else None

    def _name(self, part: object, taken: Mapping[str, object]) -> None:
        text = self._text(part)
        if text not in self._names:
            name = _free(part, self._wording.text(part), {**taken, **self.parts})
            self.parts[name], self._names[text] = part, name

    def _text(self, part: object) -> str:
        # Parts live as long as the protocol, so that none is taken for another; a treatment is made where it is written.
        if isinstance(part, Treatment):
            return self._plain.text(part)
        if id(part) not in self._texts:
            self._texts[id(part)] = self._plain.text(part)
        return self._texts[id(part)]


def _rank(part: object) -> int:
    return next(place for place, kind in enumerate(_ORDER) if isinstance(part, kind))


def _parts_of(thing: object) -> Iterator[object]:
    """Give every part that may have a name, as often as it would be written."""
    if isinstance(thing, Mapping):
        thing = tuple(thing.values())
    if isinstance(thing, tuple | list):
        for one in thing:
            yield from _parts_of(one)
        return
    if not is_dataclass(thing) or isinstance(thing, type):
        return
    if isinstance(thing, Drugs):
        thing = Treatment(drugs=thing)
        yield thing
        return
    if isinstance(thing, Window | Population | Friedman | Categories | Criterion | Value) and not isinstance(
        thing, Constant | Picked
    ):
        yield thing
    applied = applied_of(thing)
    if applied is not None and applied_again(applied) == thing:
        # It is written as it was applied, and its rule not at all.
        yield from _parts_of((applied.of, *applied.given))
        return
    for field in fields(thing):
        if not at_default(field, getattr(thing, field.name)):
            yield from _parts_of(getattr(thing, field.name))


def _free(part: object, text: str, taken: Mapping[str, object]) -> str:
    inner = part.drugs if isinstance(part, Treatment) else part
    given = next((getattr(inner, name) for name in ("label", "key") if getattr(inner, name, "")), text)
    if isinstance(part, Population):
        given = part.key
    plain = unicodedata.normalize("NFKD", given).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].strip("_")
    kind = _SECOND.get(type(part), type(part).__name__.lower())
    name = slug if slug and not slug[0].isdigit() and not keyword.iskeyword(slug) else f"{kind}_{slug}".strip("_")
    if name in taken and type(part) in _SECOND:
        name = f"{name}_{kind}"
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name}_{number}"
    return free
