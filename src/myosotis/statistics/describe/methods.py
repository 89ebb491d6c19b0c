"""What the methods for describing one sample take, assume and are meant for, as data."""

from __future__ import annotations

from myosotis.statistics.common.method import Method

__all__ = ["HELPERS", "METHODS", "PREPARATIONS"]

_ROUNDED = "any number; the only choice needed is the quantile rule"

METHODS: dict[str, Method] = {
    "quantile": Method(
        label="Sample quantile",
        sample="numbers",
        inference=(),
        assumes="nothing",
        meant_for=_ROUNDED,
        source="Hyndman and Fan, Am Stat 1996;50:361-365, doi:10.1080/00031305.1996.10473566",
    ),
    "quartiles": Method(
        label="Quartiles",
        sample="numbers",
        inference=(),
        assumes="nothing",
        meant_for=_ROUNDED,
        source="Hyndman and Fan, Am Stat 1996;50:361-365, doi:10.1080/00031305.1996.10473566",
    ),
    "describe": Method(
        label="Location and spread",
        sample="numbers",
        inference=(),
        assumes="nothing",
        meant_for=_ROUNDED,
        source="Hyndman and Fan, Am Stat 1996;50:361-365, doi:10.1080/00031305.1996.10473566",
    ),
    "median_interval": Method(
        label="Interval for the median from order statistics",
        sample="numbers",
        inference=("exact",),
        assumes="independent values of one distribution; conservative when values tie",
        meant_for="n >= 6 for 95 % confidence, below that no limits exist",
        source="Thompson, Ann Math Stat 1936;7:122-128, doi:10.1214/aoms/1177732502",
    ),
}

PREPARATIONS: dict[str, str] = {
    "observed_values": "drops and counts missing values for the summaries",
    "resolved_definition": "gives the quantile type that a program's name stands for",
}

HELPERS: dict[str, str] = {
    "Description": "is what `describe` returns",
    "MedianInterval": "is what `median_interval` returns",
    "QuantileDefinition": "names the quantile definitions",
    "Quartiles": "is what `quartiles` returns",
}
