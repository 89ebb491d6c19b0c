"""A patient's identifier as text: the same however its letters were composed and whatever blanks surround it."""

from __future__ import annotations

import unicodedata

from myosotis.model.cells import Reading, Refusal, read_text
from myosotis.model.layout import Field
from myosotis.sources.cell import Cell, trimmed

__all__ = ["plain_identity", "read_identity"]


def read_identity(cell: Cell, field: Field, decimal: str = ".") -> Reading | Refusal:
    r"""Read a patient's identifier: its text in composed form (Unicode NFC), without blanks at its ends.

    >>> read_identity("Bo\u0308hm\u00a0", Field()).value
    'Böhm'
    """
    text = read_text(cell, field, decimal)
    if isinstance(text, Refusal):
        return text
    composed = trimmed(unicodedata.normalize("NFC", text.value))
    return text if composed == text.value else Reading(composed, "composed letters")


def plain_identity(identity: str) -> str:
    """Take from an identifier what is easily typed otherwise: case, blanks, width and signs between.

    >>> plain_identity("A-01") == plain_identity("a 01")
    True
    """
    text = unicodedata.normalize("NFKC", identity).casefold()
    return "".join(letter for letter in text if letter.isalnum()) or text
