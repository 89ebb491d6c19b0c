"""Write the generated pages of docs/, or check that those committed are the ones the code gives.

python docs/build.py            write them
python docs/build.py --check    fail, naming the pages that differ
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

DOCS = Path(__file__).parent
GENERATORS = ("catalogue_pages.py", "protocol_pages.py", "published_pages.py", "statistics_pages.py")


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
        pages |= module.pages()
    return pages


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
