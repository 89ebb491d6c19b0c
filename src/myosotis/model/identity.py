"""A patient's identifier as text: the same however its letters were composed and whatever blanks surround it."""

from __future__ import annotations

import unicodedata

from myosotis.model.cells import Reading, Refusal, read_text
from myosotis.model.layout import Field
from myosotis.model.look_alikes import alike
from myosotis.sources.cell import Cell, trimmed

__all__ = ["plain_identities", "read_identity"]


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


def plain_identities(identity: str) -> tuple[str, str]:
    """Take from an identifier what is easily typed otherwise: case, blanks, width and signs between.

    The second is also without the alphabet of letters that look the same. Two identifiers are nearly the same where their
    first or their second texts are; the second alone would lose letters that look alike in one case only.

    >>> plain_identities("A-01")[0] == plain_identities("a 01")[0]
    True
    """
    text = unicodedata.normalize("NFKC", identity)
    return _bare(text.casefold()), _bare(alike(text).casefold())


def _bare(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum()) or text
