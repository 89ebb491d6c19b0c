"""The antibody panel of the paper: sixteen antigens, the raw intensity of each kept."""

from __future__ import annotations

from myosotis.core.definition import Definition
from myosotis.language.series import Series
from myosotis.measures.citations import WANG_2022
from myosotis.measures.declare import measured

__all__ = [
    "OBSERVATIONS",
    "PANEL",
    "antibody_ej",
    "antibody_jo1",
    "antibody_ku",
    "antibody_mda5",
    "antibody_mi2a",
    "antibody_mi2b",
    "antibody_nxp2",
    "antibody_oj",
    "antibody_pl12",
    "antibody_pl7",
    "antibody_pm_scl100",
    "antibody_pm_scl75",
    "antibody_ro52",
    "antibody_sae1",
    "antibody_srp",
    "antibody_tif1g",
]


def _antibody(key: str, antigen: str) -> Series:
    return measured(
        f"antibody_{key}",
        f"anti-{antigen} intensity",
        unit="intensity",
        low=0,
        source=WANG_2022,
        example=16,
        note="The raw intensity of the band; what counts as positive is a named rule, not a property of the number.",
    )


antibody_mi2a = _antibody("mi2a", "Mi-2α")
antibody_mi2b = _antibody("mi2b", "Mi-2β")
antibody_tif1g = _antibody("tif1g", "TIF1γ")
antibody_mda5 = _antibody("mda5", "MDA5")
antibody_nxp2 = _antibody("nxp2", "NXP2")
antibody_sae1 = _antibody("sae1", "SAE1")
antibody_ku = _antibody("ku", "Ku")
antibody_pm_scl100 = _antibody("pm_scl100", "PM-Scl100")
antibody_pm_scl75 = _antibody("pm_scl75", "PM-Scl75")
antibody_jo1 = _antibody("jo1", "Jo-1")
antibody_srp = _antibody("srp", "SRP")
antibody_pl7 = _antibody("pl7", "PL-7")
antibody_pl12 = _antibody("pl12", "PL-12")
antibody_ej = _antibody("ej", "EJ")
antibody_oj = _antibody("oj", "OJ")
antibody_ro52 = _antibody("ro52", "Ro-52")

# The panel in the order in which it is printed.
PANEL: tuple[Series, ...] = (
    antibody_mi2a,
    antibody_mi2b,
    antibody_tif1g,
    antibody_mda5,
    antibody_nxp2,
    antibody_sae1,
    antibody_ku,
    antibody_pm_scl100,
    antibody_pm_scl75,
    antibody_jo1,
    antibody_srp,
    antibody_pl7,
    antibody_pl12,
    antibody_ej,
    antibody_oj,
    antibody_ro52,
)

OBSERVATIONS: tuple[Definition, ...] = tuple(one.definition for one in PANEL)
