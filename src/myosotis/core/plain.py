"""The words of a text in one writing, by which texts are compared."""

from __future__ import annotations

__all__ = ["plain_words"]


def plain_words(text: str | None) -> str:
    r"""Give the words of a text in lower case with single blanks between; empty for nothing.

    >>> plain_words("  Deep  Vein\nThrombosis ")
    'deep vein thrombosis'
    """
    return " ".join((text or "").split()).casefold()
