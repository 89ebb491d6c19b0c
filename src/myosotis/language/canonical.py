"""The canonical text of an expression, in which equal rules are equal and wording is left out."""

from __future__ import annotations

from dataclasses import fields, is_dataclass

__all__ = ["canonical"]


def canonical(node: object) -> str:
    """Write an expression as text in which equal rules are equal and wording is left out.

    Labels, units and what was applied are wording; numbers, names, windows, operators and order are the rule.
    """
    fingerprint = getattr(node, "fingerprint", None)
    if isinstance(fingerprint, str):
        return f"{type(node).__name__}({fingerprint})"
    if isinstance(node, tuple):
        return "(" + ",".join(canonical(one) for one in node) + ")"
    if is_dataclass(node) and not isinstance(node, type):
        parts = [
            f"{field.name}={canonical(getattr(node, field.name))}"
            for field in fields(node)
            if field.name not in ("label", "unit", "version", "applied")
        ]
        return f"{type(node).__name__}({','.join(parts)})"
    return repr(node)
