"""What the methods for several p-values take, assume and are meant for, as data."""

from __future__ import annotations

from myosotis.statistics.common.assumptions import INDEPENDENT
from myosotis.statistics.common.method import Method

__all__ = ["HELPERS", "METHODS", "PREPARATIONS"]


METHODS: dict[str, Method] = {
    "adjust_p": Method(
        label="Adjustment for several comparisons",
        sample="p-values",
        inference=(),
        assumes="Bonferroni and Holm nothing; Hochberg and Hommel independence or positive dependence",
        meant_for="any number of comparisons named beforehand",
        source="Holm, Scand J Stat 1979;6:65-70; Hommel, Biometrika 1988;75:383-386, doi:10.1093/biomet/75.2.383",
    ),
    "max_t": Method(
        label="Westfall-Young max-t permutation",
        sample="several endpoints",
        inference=("exact", "monte_carlo"),
        assumes=f"{INDEPENDENT}; a patient's changes are jointly symmetric about 0 if nothing changed",
        meant_for="several visits and endpoints of the same patients; exact up to 24 patients",
        smallest_p="2/2^n for n patients with any change",
        source="Westfall and Young, Resampling-Based Multiple Testing, Wiley 1993, algorithms 2.5 and 2.8",
    ),
}

PREPARATIONS: dict[str, str] = {}

HELPERS: dict[str, str] = {
    "Adjustment": "names the methods of `adjust_p`",
    "MaxT": "is what `max_t` returns",
}
