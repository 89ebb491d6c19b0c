"""Rendering: prints what is said and shown of a results bundle, and computes nothing."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from myosotis.report.write import write_interactive, write_report

__all__ = ["write_interactive", "write_report"]


if not TYPE_CHECKING:  # a type checker reads the imports above, and so reports names that do not exist

    def __getattr__(name: str) -> object:
        """Load what writes reports when it is asked for: the process that only prints figures has no use for it."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.write"), name)
