"""Write sentences from templates over results, so that no typed number can contradict a computed one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter

from myosotis.errors import ProtocolError
from myosotis.presentation.layout import Cell, Sentence
from myosotis.report.cells import Part, Rendered, render_cell
from myosotis.report.lookup import Lookup

__all__ = ["render_template", "render_text"]


def render_template(template: str, values: Mapping[str, Cell], index: Lookup) -> Rendered:
    """Fill the placeholders of a sentence with printed results.

    `template` holds names in braces, as in `"CR was reached by {cr} at week 24."`; `values` maps each name to a
    cell. Digits may be typed only within a label that the bundle knows: a window, a population, a key or label of a
    definition, an endpoint, a level, a group, a comparison, a figure or its axis, or a row of a table; a definition's
    label may be followed by its range ("skin-DAS 0 to 9"). Any other digit is a number that could contradict the
    bundle.

    Raises `ProtocolError` for a typed digit, a placeholder without a value, a value without a placeholder, and a
    placeholder that asks for formatting of its own.
    """
    parts: list[Part] = []
    cells: dict[str, Rendered] = {}
    try:
        pieces = list(Formatter().parse(template))
    except ValueError as error:
        raise ProtocolError(f"the sentence {template!r} cannot be read: {error}; write {{{{ for a brace") from error
    _refuse_digits(template, "\0".join(literal for literal, *_ in pieces), index)
    for literal, name, spec, conversion in pieces:
        if literal:
            parts.append(Part(text=literal))
        if name is None:
            continue
        if spec or conversion or not name.isidentifier():
            raise ProtocolError(
                f"the placeholder {{{name}}} in {template!r} asks for formatting; name a value only, "
                "and declare format and decimals with the value"
            )
        if name not in values:
            raise ProtocolError(f"the sentence {template!r} names {{{name}}}, for which no value is given")
        _refuse_digits(template, values[name].text, index)
        cells[name] = render_cell(values[name], index.results)
        parts.extend(cells[name].parts)
    unused = sorted(set(values) - set(cells))
    if unused:
        raise ProtocolError(f"the sentence {template!r} does not use the value {', '.join(unused)}; name or remove it")
    rendered = cells.values()
    return Rendered(
        parts=tuple(parts),
        result_ids=tuple(dict.fromkeys(key for cell in rendered for key in cell.result_ids)),
        status=next((cell.status for cell in rendered if cell.status != "ok"), "ok"),
        notes=tuple(dict.fromkeys(note for cell in rendered for note in cell.notes)),
    )


def render_text(text: str | Sentence, index: Lookup) -> Rendered:
    """Print a title, note or caption: plain text as it is, a template with its values as a sentence."""
    if isinstance(text, str):
        return Rendered(parts=(Part(text=text),) if text else ())
    return render_template(text.template, text.values, index)


def _refuse_digits(template: str, literal: str, index: Lookup) -> None:
    if not any(character.isnumeric() for character in literal):
        return
    remaining = literal
    for label in index.labels:
        remaining = re.sub(rf"(?<!\w){re.escape(label)}(?!\w)", "", remaining, flags=re.IGNORECASE)
    found = re.search(r"\S*[^\W\d_]?\d\S*", remaining) or re.search(r"\S+", _numeric_words(remaining))
    if found:
        raise ProtocolError(
            f"the sentence {template!r} holds the typed number {found.group()!r}; give it as a value from the "
            "results, or use the exact label of a visit, population, level or definition"
        )


def _numeric_words(text: str) -> str:
    return " ".join(word for word in text.split() if any(character.isnumeric() for character in word))
