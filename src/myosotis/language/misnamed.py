"""Names that the package does not have, told with the nearest one and where a name is imported from."""

from __future__ import annotations

import re
import sys
from types import FrameType, FunctionType, MethodType, ModuleType
from typing import Any

from myosotis.language.words import kind_of, nearest, public

__all__ = ["misnamed", "not_offered"]


def misnamed(error: AttributeError | NameError | ImportError, theirs: list[FrameType]) -> str | None:
    """Tell a name that Python did not find; None where it was not looked for in this package."""
    if isinstance(error, ImportError):
        return _not_imported(error)
    if error.name is None or not theirs:
        return None
    if isinstance(error, NameError):
        return _not_defined(error.name, theirs[-1])
    return not_offered(error.name, error.obj)


def not_offered(name: str, of: Any) -> str | None:  # noqa: ANN401 - whatever the protocol asked
    """Tell what something of this package offers instead of a name that it has not; None for anything else."""
    if isinstance(of, ModuleType):
        return _not_in(name, of.__name__) if of.__name__.startswith("myosotis") else None
    if isinstance(of, FunctionType | MethodType) and of.__module__.startswith("myosotis."):
        return f"{of.__name__} is not called, and has no {name!r}; write {of.__name__}(...).{name}"
    kind = of if isinstance(of, type) else type(of)
    if not kind.__module__.startswith("myosotis."):
        return None
    names = [one for one in dir(of) if not one.startswith("_")]
    definition = getattr(of, "definition", None)
    what = getattr(definition, "key", "") or f"a {kind_of(kind) or kind.__name__}"
    return f"{what} has no {name!r}; {nearest(name, names)}it has {', '.join(names)}"


def _not_defined(name: str, frame: FrameType) -> str | None:
    words = public()
    if name in words:
        return f"{name} is not imported; write: from {words[name]} import {name}"
    own = [one for one in {**frame.f_globals, **frame.f_locals} if not one.startswith("_")]
    near = nearest(name, own) or nearest(name, list(words))
    offered = _asked_of(name)
    if offered:
        return f"{name} is no word of its own; {offered}"
    return f"{name} is not defined; {near}define it or import it before it is used" if near else None


def _asked_of(name: str) -> str:
    """Say of what a name is asked that is a word only behind a dot."""
    where = {
        "Treatment": f'ask it of a treatment, as in drugs("methotrexate", names=("methotrexate",)).{name}',
        "Series": f"ask it of an observation, as in cmas.{name}",
        "Value": f"ask it of a value, as in cmas.at(window).{name}",
        "Condition": f'ask it of a condition, as in condition("ILD").{name}',
        "Categories": f"ask it of categories, as in response.{name}",
    }
    for kind, told in where.items():
        module = sys.modules.get(public().get(kind, ""))
        if not name.startswith("_") and hasattr(getattr(module, kind, None), name):
            return told
    return ""


def _not_imported(error: ImportError) -> str | None:
    module = error.name or ""
    if not module.startswith("myosotis"):
        return None
    asked = re.search(r"cannot import name '(\w+)'", str(error))
    if asked is not None:
        return _not_in(asked[1], module)
    known = sorted(one for one in sys.modules if one.startswith("myosotis.") and "._" not in one)
    return f"there is no {module}; {nearest(module, known)}docs/protocol.md lists what a protocol imports from where"


def _not_in(name: str, module: str) -> str:
    words = public()
    if name in words:
        return f"{module} has no {name}; write: from {words[name]} import {name}"
    names = list(getattr(sys.modules.get(module), "__all__", ()))
    near = nearest(name, names) or nearest(name, list(words))
    return f"{module} has no {name}; {near}docs/protocol.md lists what a protocol imports from where"
