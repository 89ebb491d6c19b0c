"""Definitions of a study's own, in a file beside its protocol that is read and never executed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from myosotis.core.catalogue import nearest_names
from myosotis.core.definition import Definition
from myosotis.document import from_toml
from myosotis.document.words import own_measures, own_observations
from myosotis.errors import MyosotisError, ProtocolError, UnknownNameError
from myosotis.language.declared import check_fields
from myosotis.language.series import Flag, Series
from myosotis.measures.own import OwnMeasure

__all__ = ["FILE", "Definitions", "definitions_beside", "read_definitions"]

FILE = "definitions.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """Hold observations and measures of a study's own; each is found by its key."""

    observations: tuple[Series | Flag | Definition, ...] = ()
    measures: tuple[OwnMeasure, ...] = ()

    def __post_init__(self) -> None:
        check_fields(self)

    def __getitem__(self, key: str) -> Series | Flag | Definition | OwnMeasure:
        """Find one by its key; raises `UnknownNameError` naming the nearest."""
        found = dict(self.items())
        if key not in found:
            raise UnknownNameError(f"{FILE} defines no {key!r}; {nearest_names(key, list(found))}")
        return found[key]

    def items(self) -> Iterator[tuple[str, Series | Flag | Definition | OwnMeasure]]:
        """Give each with its key, observations first."""
        yield from own_observations(self).items()
        yield from own_measures(self).items()


def read_definitions(folder: Path) -> Definitions:
    """Read `definitions.toml` of a study folder; without the file there is none.

    Raises `ProtocolError`, with line and column, for what is no definition.
    """
    path = folder / FILE
    if not path.is_file():
        return Definitions()
    try:
        return from_toml(path.read_bytes().decode("utf-8-sig"), Definitions)
    except UnicodeDecodeError as error:
        raise ProtocolError(f"{FILE} is not text in UTF-8; save it so") from error
    except MyosotisError as error:
        raise type(error)(f"{FILE}, {error}") from error


def definitions_beside(file: str) -> Definitions:
    """Read the definitions beside a protocol, which gives its own `__file__`.

    In `protocol.py`, after `own = definitions_beside(__file__)`, `own["grip"]` is what the file defines under that key.
    """
    return read_definitions(Path(file).parent)
