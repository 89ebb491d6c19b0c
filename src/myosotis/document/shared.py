"""What stands in a document more than once is written once, under a name, so that its size follows what is said."""

from __future__ import annotations

from collections import Counter
from typing import Any

from myosotis.document.text import canonical_text

__all__ = ["KIND", "USE", "shared_once"]

KIND = "is"
USE = "use"
# A short record is easier to read where it stands than to look up.
_SHORT = 80


def shared_once(data: Any) -> tuple[Any, dict[str, Any]]:  # noqa: ANN401 - plain data
    """Take out the records that are there more than once; gives the data that use them by name, and them by name.

    Names come from labels, keys or kinds, in the order in which they first appear, so that equal data give equal documents.

    >>> window = {"is": "Window", "label": "week 4", "first": 14, "target": 28, "last": 42, "note": "as the source has it"}
    >>> shared_once([window, dict(window)])[0]
    [{'use': 'week 4'}, {'use': 'week 4'}]
    """
    sharing = _Sharing()
    sharing.count(data)
    return sharing.written(data), sharing.shared


class _Sharing:
    """Count the records of a document by what they say, and write it with each of them once."""

    def __init__(self) -> None:
        self.shared: dict[str, Any] = {}
        self._uses: Counter[str] = Counter()
        self._names: dict[str, str] = {}
        self._texts: dict[int, str] = {}

    def count(self, data: Any) -> None:  # noqa: ANN401 - plain data
        if isinstance(data, dict) and KIND in data:
            text = self._text(data)
            self._uses[text] += 1
            if self._uses[text] > 1:
                # What is below it is written once with it.
                return
        for part in _below(data):
            self.count(part)

    def written(self, data: Any) -> Any:  # noqa: ANN401 - plain data
        if isinstance(data, list):
            return [self.written(part) for part in data]
        if not isinstance(data, dict):
            return data
        text = self._text(data) if KIND in data else ""
        if self._uses[text] < 2 or len(text) <= _SHORT:
            return {name: self.written(part) for name, part in data.items()}
        if text not in self._names:
            name = self._names[text] = self._free(data)
            self.shared[name] = None  # keeps its place before those that it uses
            self.shared[name] = {key: self.written(part) for key, part in data.items()}
        return {USE: self._names[text]}

    def _text(self, data: dict[str, Any]) -> str:
        if id(data) not in self._texts:
            self._texts[id(data)] = canonical_text(data)
        return self._texts[id(data)]

    def _free(self, data: dict[str, Any]) -> str:
        named: list[str] = [
            data[name] for name in ("label", "key", KIND) if isinstance(data.get(name), str) and data.get(name)
        ]
        name, number = named[0], 1
        while name in self.shared:
            number += 1
            name = f"{named[0]} ({number})"
        return name


def _below(data: Any) -> list[Any]:  # noqa: ANN401 - plain data
    if isinstance(data, dict):
        return list(data.values())
    return data if isinstance(data, list) else []
