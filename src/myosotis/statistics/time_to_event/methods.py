"""What the methods for times to an event take, assume and are meant for, as data."""

from __future__ import annotations

from myosotis.statistics.common.assumptions import UNRELATED_CENSORING
from myosotis.statistics.common.method import Method

__all__ = ["HELPERS", "METHODS", "PREPARATIONS"]


METHODS: dict[str, Method] = {
    "kaplan_meier": Method(
        label="Kaplan-Meier curve, log-log limits",
        sample="time to event",
        inference=("asymptotic",),
        assumes=UNRELATED_CENSORING,
        meant_for="any number of patients; the limits are asymptotic in those at risk",
        source="Kaplan and Meier, J Am Stat Assoc 1958;53:457-481, doi:10.1080/01621459.1958.10501452",
    ),
    "kaplan_meier_median": Method(
        label="Median time to the event",
        sample="time to event",
        inference=("asymptotic",),
        assumes=UNRELATED_CENSORING,
        meant_for="curves that reach one half; else the median does not exist and is said not to",
        source="Brookmeyer and Crowley, Biometrics 1982;38:29-41, doi:10.2307/2530286",
    ),
    "restricted_mean": Method(
        label="Restricted mean time",
        sample="time to event",
        inference=("asymptotic",),
        assumes=UNRELATED_CENSORING,
        meant_for="horizons within follow-up; its interval is asymptotic",
        source="Klein and Moeschberger, Survival Analysis, 2nd ed., Springer 2003, doi:10.1007/b97377, section 4.5",
    ),
    "log_rank": Method(
        label="Log-rank test",
        sample="time to event in groups",
        inference=("exact", "monte_carlo", "asymptotic"),
        assumes=f"{UNRELATED_CENSORING}; for the permutation forms, censoring is the same in all groups",
        meant_for="exact for two small groups, Monte Carlo for more patients, chi-square for many",
        smallest_p="never below 1/(n choose m) for m of n patients in the first group",
        source="Peto and Peto, J R Stat Soc A 1972;135:185-207, doi:10.2307/2344317",
    ),
    "turnbull": Method(
        label="Turnbull curve",
        sample="time between",
        inference=(),
        assumes="the times of the visits have nothing to do with the event",
        meant_for="events seen only between visits; it states no interval",
        source="Turnbull, J R Stat Soc B 1976;38:290-295, doi:10.1111/j.2517-6161.1976.tb01597.x",
    ),
}

PREPARATIONS: dict[str, str] = {
    "follow_up": "checks times and events for the survival estimates",
}

HELPERS: dict[str, str] = {
    "KaplanMeier": "is what `kaplan_meier` returns",
    "Turnbull": "is what `turnbull` returns",
}
