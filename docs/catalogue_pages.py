"""The pages of the clinical catalogue: an index, and one page for each group of definitions.

Every word on them comes from the definitions, so that the pages cannot say what the code does not do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any
from urllib.parse import quote

from myosotis.core.definition import Definition
from myosotis.measures.catalogue import catalogue, derivations, measures
from myosotis.measures.derived.derivation import Derivation
from myosotis.measures.describe import example_in_words, parts_in_words, sentence_of
from myosotis.measures.measure import Measure
from myosotis.measures.modules import MODULES, modules

FOLDER = "catalogue"


def pages() -> dict[str, str]:
    """Return the text of every page by its path below `docs/`."""
    groups = {name: module for name, module in _groups().items() if any(_held(module))}
    found = {f"{FOLDER}/{_file(name)}": _page(module) for name, module in groups.items()}
    return {f"{FOLDER}/index.md": _index(groups), **found}


def _groups() -> dict[str, Any]:
    by_last = modules()
    return {name: by_last[name.rpartition(".")[2]] for name in MODULES if name.rpartition(".")[2] in by_last}


def _file(name: str) -> str:
    return f"{name.replace('.', '_')}.md"


def _title(module: Any) -> str:
    return str(module.__doc__).splitlines()[0].rstrip(".")


def _held(module: Any) -> tuple[list[Definition], list[Measure | Derivation]]:
    rules = [*getattr(module, "MEASURES", ()), *getattr(module, "DERIVATIONS", ())]
    return list(getattr(module, "OBSERVATIONS", ())), rules


def _index(groups: Mapping[str, Any]) -> str:
    kinds: dict[str, str] = {}
    for name, module in groups.items():
        observations, rules = _held(module)
        for one in (*observations, *(rule.definition for rule in rules)):
            kinds[one.key] = f"[`{one.key}`]({_file(name)}#{one.key}) | {one.label} | {one.kind} | {one.version}"
    observed = len(catalogue()) - len(measures()) - len(derivations())
    lines = [
        "# The catalogue",
        "",
        f"{len(catalogue())} definitions: {observed} observations, which are read from charts, "
        f"{len(measures())} rules over them, and {len(derivations())} rules over events, courses and all values of a test. "
        "Each has a version; a rule that changes gets a new one, which the file `definitions.lock` guards. Each worked "
        "example runs as a test, in plain Python and, save of the last kind, on DuckDB.",
        "",
        "`myosotis catalogue` searches it, `myosotis catalogue KEY` prints one definition, and in Python every key can "
        "be imported and called for one child:",
        "",
        "```python",
        "from myosotis.measures import printo_inactive_disease_2013",
        "",
        'printo_inactive_disease_2013(visit={"ck": 93, "cmas": 50, "mmt8": 79}).value  # True: three of four are enough',
        "```",
        "",
        "Where sources disagree, each reading is a definition of its own. What only a protocol can decide is a choice "
        "without a default: a protocol that leaves one open is refused.",
        "",
        "## Groups",
        "",
        "| group | observations | rules |",
        "|---|---|---|",
    ]
    for name, module in groups.items():
        observations, rules = _held(module)
        lines.append(f"| [{_title(module)}]({_file(name)}) | {len(observations) or ''} | {len(rules) or ''} |")
    lines += ["", "## All keys", "", "| key | name | kind | version |", "|---|---|---|---|"]
    lines += [f"| {kinds[key]} |" for key in sorted(kinds)]
    return "\n".join([*lines, ""])


def _page(module: Any) -> str:
    observations, rules = _held(module)
    lines = [f"# {_title(module)}", "", "[All definitions](index.md)", ""]
    for measure in rules:
        lines += _rule(measure)
    for title, rows in getattr(module, "TABLES", {}).items():
        lines += [f"## {title}", "", "| | |", "|---|---|"]
        lines += [f"| {_cell(key)} | {_cell(value)} |" for key, value in rows.items()]
        lines.append("")
    if observations:
        lines += _observations(observations)
    return "\n".join(lines).rstrip() + "\n"


def _rule(measure: Measure | Derivation) -> Iterable[str]:
    definition = measure.definition
    yield from (f'<a id="{definition.key}"></a>', "", f"## {definition.label[:1].upper()}{definition.label[1:]}", "")
    yield from (f"`{definition.key}`, {definition.kind}, version {definition.version}", "")
    of_windows = isinstance(measure, Measure)
    yield from (f"> {sentence_of(measure) if of_windows else measure.sentence}.", "")
    parts = parts_in_words(measure) if of_windows else {}
    if parts:
        yield from ("Its parts, under the names by which a calculation lists what each came to:", "")
        yield from (f"- `{key}`: {text}" for key, text in parts.items())
        yield ""
    if of_windows:
        yield f"- **Looks at:** {' and '.join(measure.moments)}"
    if definition.range is not None:
        yield f"- **Value:** {definition.range} ({definition.unit}); {definition.direction}"
    yield f"- **When something is missing:** {definition.missing}"
    if definition.note:
        yield f"- **Note:** {definition.note}"
    yield from (f"- **Source:** {_citation(one)}" for one in definition.citations)
    yield ""
    if of_windows and measure.choices:
        yield from ("The protocol must choose:", "", "| choice | options |", "|---|---|")
        for choice in measure.choices:
            options = "<br>".join(f"`{option!r}`: {_cell(meaning)}" for option, meaning in choice.options) or "a number"
            yield f"| `{choice.key}`: {_cell(choice.label)} | {options} |"
        yield ""
    yield from ("<details><summary>Worked examples</summary>", "")
    yield from (f"- {_cell(example_in_words(one))}" for one in definition.examples)
    yield from ("", "</details>", "")


def _observations(definitions: list[Definition]) -> Iterable[str]:
    yield from ("## Observations", "", "What is not recorded stays missing.", "")
    yield from ("| key | name | unit | range | better | source | note |", "|---|---|---|---|---|---|---|")
    numbers: dict[str, int] = {}
    for one in definitions:
        for citation in one.citations:
            numbers.setdefault(_citation(citation), len(numbers) + 1)
        sources = ", ".join(f"[{numbers[_citation(citation)]}]" for citation in one.citations)
        better = {"higher is better": "higher", "lower is better": "lower", "neither": ""}[one.direction]
        held = "yes or no" if one.type == "yes or no" else one.unit
        bounds = "" if one.range is None else str(one.range)
        anchor = f'<a id="{one.key}"></a>`{one.key}`'
        yield f"| {anchor} | {_cell(one.label)} | {held} | {bounds} | {better} | {sources} | {_cell(one.note)} |"
    yield ""
    yield from (f"{number}. {text}" for text, number in numbers.items())
    yield ""


def _citation(citation: Any) -> str:
    text = escape(str(citation), quote=False)
    if not citation.doi:
        return text
    shown = f"doi:{escape(citation.doi, quote=False)}"
    # Old identifiers hold brackets and angles, which would end a link.
    return text.replace(shown, f"[{shown}](https://doi.org/{quote(citation.doi)})")


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    return str(value).replace("|", "\\|").replace("\n", " ")
