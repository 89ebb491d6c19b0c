"""Write the generated pages of docs/, or check that those committed are the ones the code gives.

python docs/build.py            write them
python docs/build.py --check    fail, naming the pages that differ
"""

from __future__ import annotations

import importlib.util
import re
import sys
import textwrap
from pathlib import Path

DOCS = Path(__file__).parent
GENERATORS = (
    "api_pages.py",
    "bundle_pages.py",
    "catalogue_pages.py",
    "protocol_pages.py",
    "published_pages.py",
    "statistics_pages.py",
)
WIDTH, MOST = 120, 125  # where a line is broken, and from which length on
HELD = "\x1f"  # a space at which no line may be broken


def generated() -> dict[str, str]:
    """Ask every generator for its pages: path under docs/ and text."""
    pages: dict[str, str] = {}
    for name in GENERATORS:
        spec = importlib.util.spec_from_file_location(name.removesuffix(".py"), DOCS / name)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        pages |= {path: wrapped(text) for path, text in module.pages().items()}
    return pages


def wrapped(text: str) -> str:
    """Break the long lines of a page outside tables, headings and code, so that a word changed is a line changed.

    A line that goes on keeps its list item or quotation, and never begins with what would open another; none ends in spaces.
    """
    lines: list[str] = []
    code = False
    for line in text.splitlines():
        code ^= line.lstrip().startswith("```")
        if code:
            lines.append(line)
            continue
        line = line.rstrip()
        if len(line) <= MOST or line.startswith(("|", "#")):
            lines.append(line)
            continue
        opening = re.match(r"\s*(?:[-*] |\d+\. |> )?", line)
        assert opening is not None
        further = opening[0] if opening[0].startswith("> ") else " " * len(opening[0])
        held = re.sub(r" (?=(?:[-+*>#=|]+|\d+[.)])(?:\s|$))", HELD, line[opening.end() :])
        broken = textwrap.wrap(held, WIDTH - len(further), break_long_words=False, break_on_hyphens=False)
        lines += [(further if i else opening[0]) + one.replace(HELD, " ") for i, one in enumerate(broken)]
    return "\n".join(lines) + ("\n" if text.endswith("\n") else "")


def main() -> int:
    """Write or check the pages."""
    pages = generated()
    if "--check" in sys.argv[1:]:
        stale = [path for path, text in pages.items() if not _is(DOCS / path, text)]
        if stale:
            print(f"docs differ from the code: {', '.join(sorted(stale))}; run `make docs` and commit")
        return 1 if stale else 0
    for path, text in pages.items():
        target = DOCS / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    print(f"{len(pages)} pages written")
    return 0


def _is(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
