"""Packs: what belongs to one disease, drug or laboratory scheme, under short names, for the protocols that need it.

A package beside this one offers a pack of its own by the entry point `myosotis.packs`: a module with `__all__`, whose
`OBSERVATIONS` and `MEASURES`, where it has them, are in the catalogue like those that are shipped.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType, ModuleType

from myosotis.core.packs import installed_packs
from myosotis.errors import ProtocolError

__all__ = ["baricitinib", "ctcae_5", "glucocorticoids", "jdm", "jia", "laboratory", "packs"]

_SHIPPED = ("baricitinib", "ctcae_5", "glucocorticoids", "jdm", "jia", "laboratory")


def packs() -> Mapping[str, ModuleType]:
    """Load every pack, shipped and installed, by name; raises `ProtocolError` for two of one name."""
    found = {name: import_module(f"{__name__}.{name}") for name in _SHIPPED}
    for name, module in installed_packs().items():
        if name in found:
            raise ProtocolError(
                f"an installed package offers a pack {name!r}, which is shipped; rename or remove that one"
            )
        found[name] = module
    return MappingProxyType(found)


def __getattr__(name: str) -> ModuleType:
    if name in _SHIPPED:
        return import_module(f"{__name__}.{name}")
    if name in installed_packs():
        return installed_packs()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name, obj=None)
