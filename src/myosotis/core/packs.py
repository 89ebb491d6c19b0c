"""Packs that other packages offer: modules found by their entry points, loaded once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import entry_points
from types import MappingProxyType, ModuleType

from myosotis.errors import ProtocolError

__all__ = ["GROUP", "installed_packs"]

GROUP = "myosotis.packs"


@cache
def installed_packs() -> Mapping[str, ModuleType]:
    """Load the modules that installed packages name under the entry point `myosotis.packs`, by their names there.

    Raises `ProtocolError`, with the package, for one that cannot be loaded, is no module, or whose name another has.
    """
    found: dict[str, ModuleType] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda one: (one.name, one.value)):
        owner = point.dist.name if point.dist is not None else "an installed package"
        try:
            module = point.load()
        except Exception as error:
            raise ProtocolError(
                f"the pack {point.name!r} of {owner} cannot be loaded ({type(error).__name__}: {error}); repair or remove "
                "that package"
            ) from error
        if not isinstance(module, ModuleType):
            raise ProtocolError(
                f"the pack {point.name!r} of {owner} is {point.value}, which is no module; name a module"
            )
        if point.name in found:
            raise ProtocolError(f"two installed packages offer a pack {point.name!r}; remove one of them")
        found[point.name] = module
    return MappingProxyType(found)
