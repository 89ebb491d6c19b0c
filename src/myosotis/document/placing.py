"""Where in a file something went wrong: told once, by the innermost part that knows its place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from myosotis.core.toml_places import Place
from myosotis.errors import MyosotisError, ProtocolError

__all__ = ["Placing"]


class Placing:
    """Put the place before what is told of an error, unless a part within has done so."""

    def __init__(self) -> None:
        self._told: MyosotisError | None = None

    @contextmanager
    def at(self, place: Place) -> Iterator[None]:
        """Tell errors of what is done in this context at a place; too deep nesting is told as an error of the protocol."""
        try:
            yield
        except RecursionError as error:
            raise self._placed(ProtocolError("this is nested too deeply to be a protocol"), place) from error
        except MyosotisError as error:
            if error is self._told:
                raise
            raise self._placed(error, place) from error

    def _placed(self, error: MyosotisError, place: Place) -> MyosotisError:
        self._told = type(error)(f"line {place.line}, column {place.column}: {error}")
        return self._told
