"""The shape of an expression: its operands, its leaves, and what it names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from myosotis.language.criteria import Categories, Criterion
from myosotis.language.values import Nearest, Picked, Value, VisitDay

__all__ = ["named", "observed", "operands", "walk"]

Node = Value | Criterion | Categories


def operands(node: Node) -> tuple[Node, ...]:
    """List the expressions a node is made of, in order."""
    if isinstance(node, Categories):
        return tuple(criterion for _, criterion in node.cases)
    found: list[Node] = []
    for field in fields(node):  # type: ignore[arg-type]  # every concrete node is a dataclass
        value = getattr(node, field.name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, Value | Criterion | Categories):
                found.append(one)
    return tuple(found)


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it, parents before operands."""
    yield node
    for operand in operands(node):
        yield from walk(operand)


def named(node: Node) -> tuple[str, ...]:
    """List `key@version` of every definition of the catalogue that an expression uses, each once, in key order."""
    found = set()
    for one in walk(node):
        key, version = getattr(one, "key", ""), getattr(one, "version", "")
        if key and version:
            found.add(f"{key}@{version}")
    return tuple(sorted(found))


def observed(node: Node) -> tuple[str, ...]:
    """List the names of the observations that an expression reads, each once, in name order."""
    names: set[str] = set()
    for one in walk(node):
        if isinstance(one, Picked | Nearest):
            names.add(one.name)
        elif isinstance(one, VisitDay):
            names.update(one.names)
    return tuple(sorted(names))
