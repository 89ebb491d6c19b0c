"""An observation of the study's own, told by the word that declares it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import Parameter, signature
from types import MappingProxyType

from myosotis.core.definition import Definition
from myosotis.document.words import observed
from myosotis.errors import MyosotisError
from myosotis.measures.declare import measured, told, written

__all__ = ["declaration_of"]

_WORDS: Mapping[str, Callable[..., object]] = MappingProxyType({"number": measured, "yes or no": told, "text": written})


def declaration_of(definition: Definition) -> tuple[str, dict[str, object]] | None:
    """Give the word and the arguments that declare an observation, None where no word makes it again.

    Key and label come first; what is left at its default is left out.
    """
    word = _WORDS.get(definition.type)
    if word is None:
        return None
    source = definition.citations[0] if len(definition.citations) == 1 else definition.citations
    limits = definition.range
    told_of: dict[str, object] = {
        "key": definition.key, "label": definition.label, "unit": definition.unit, "source": source,
        "direction": definition.direction, "analyte": definition.analyte, "note": definition.note,
        "decimals": definition.decimals,
    }  # fmt: skip
    if limits is not None:
        told_of |= {name: getattr(limits, name) for name in ("low", "high", "step", "low_included")}
    parameters = signature(word).parameters
    given = {
        name: one for name, one in told_of.items() if name in parameters and not _is_default(parameters[name], one)
    }
    shown = [one.expected for one in definition.examples if one.expected is not None]
    for more in ({}, *({"example": number} for number in shown if "example" in parameters)):
        try:
            if word(**given, **more) == observed(definition):
                return word.__name__, {**given, **more}
        except MyosotisError:
            return None
    return None


def _is_default(parameter: Parameter, given: object) -> bool:
    return parameter.default is not parameter.empty and parameter.default == given
