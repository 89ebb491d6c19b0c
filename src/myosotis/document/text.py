"""A document as JSON text and back: one text for equal documents, and no text that could be read in two ways."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, NoReturn

from myosotis.errors import ProtocolError

__all__ = ["canonical_text", "document_of", "fingerprint_of", "json_of"]


def canonical_text(data: object) -> str:
    """Write plain data as text: keys in order, no blanks, no number that is not one."""
    text: str = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text


def fingerprint_of(document: Mapping[str, Any]) -> str:
    """Digest a document (SHA-256, 64 hexadecimal digits), whatever the order of its keys.

    >>> fingerprint_of({"a": 1, "b": 2}) == fingerprint_of({"b": 2, "a": 1})
    True
    """
    return hashlib.sha256(canonical_text(document).encode()).hexdigest()


def json_of(document: Mapping[str, Any]) -> str:
    """Write a document as JSON to be read by a person, keys in order and a line each; equal documents give equal text."""
    return json.dumps(document, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def document_of(text: str) -> dict[str, Any]:
    """Read a document from JSON.

    Raises `ProtocolError` for text that is no JSON (with line and column), names a key twice, holds a number that is not
    one (`NaN`) or too large to be kept, is nested too deeply, or is something else than an object.
    """
    try:
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_no_number, parse_float=_number)
    except json.JSONDecodeError as error:
        raise ProtocolError(
            f"line {error.lineno}, column {error.colno}: this is no JSON ({error.msg.lower()}); write it with "
            "`myosotis protocol STUDY --to json`"
        ) from error
    except RecursionError as error:
        raise ProtocolError("the document is nested too deeply to be a protocol") from error
    if not isinstance(data, dict):
        raise ProtocolError(f"the document is a {type(data).__name__}; a protocol is an object in braces")
    return data


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ProtocolError(f"the key {key!r} is there twice in one object; keep one of them")
        found[key] = value
    return found


def _no_number(word: str) -> NoReturn:
    raise ProtocolError(f"the document holds {word}, which is no number; give one, or leave the field out")


def _number(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ProtocolError(f"the document holds {text}, which is too large to be kept as a number")
    return number
