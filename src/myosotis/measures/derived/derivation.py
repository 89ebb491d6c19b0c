"""A derivation: a definition of the catalogue with the function that derives it from several rows of one patient."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from myosotis.core.definition import Definition, fingerprint

__all__ = ["Answer", "Derivation"]

Answer = float | str | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """Join a definition with what derives it: a rule over events, courses or all values of a test.

    `derive(**inputs)` answers for the inputs of one case, as the examples of the definition write them; `sentence` is the
    rule in words. `cases` lists inputs on every side of every bound of the rule. What it answers to them is part of its
    fingerprint, so that a rule that answers any of them otherwise cannot keep its version.
    """

    definition: Definition
    sentence: str
    derive: Callable[..., Answer]
    cases: Callable[[], Iterable[Mapping[str, Any]]]

    @property
    def key(self) -> str:
        """Give the key under which the catalogue holds it."""
        return self.definition.key

    @property
    def fingerprint(self) -> str:
        """Digest the definition and what it answers to every case."""
        answers = hashlib.sha256()
        for inputs in self.cases():
            answers.update(f"{sorted(inputs.items())!r}: {self.derive(**inputs)!r}\n".encode())
        return fingerprint(self.definition, answers.hexdigest())
