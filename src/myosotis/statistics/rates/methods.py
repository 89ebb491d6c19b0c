"""What the methods for rates take, assume and are meant for, as data."""

from __future__ import annotations

from myosotis.statistics.common.assumptions import UNRELATED_CENSORING
from myosotis.statistics.common.method import Method

__all__ = ["HELPERS", "METHODS", "PREPARATIONS"]


METHODS: dict[str, Method] = {
    "poisson_rate": Method(
        label="Poisson rate with Garwood's interval",
        sample="events in time",
        inference=("exact",),
        assumes="events are independent and the rate is constant",
        meant_for="any number of events, 0 included; not for recurrent events of the same patients",
        source="Garwood, Biometrika 1936;28:437-442, doi:10.1093/biomet/28.3-4.437",
    ),
    "first_event_incidence": Method(
        label="Incidence of first events",
        sample="time to event",
        inference=("exact",),
        assumes=f"{UNRELATED_CENSORING}; the hazard is constant",
        meant_for="any number of patients with time at risk",
        source="Garwood, Biometrika 1936;28:437-442, doi:10.1093/biomet/28.3-4.437",
    ),
    "rate_ratio": Method(
        label="Ratio of two Poisson rates",
        sample="events in time in groups",
        inference=("exact",),
        assumes="events are independent and both rates constant",
        meant_for="any number of events from 1 in total",
        smallest_p="set by the total number of events and the share of person-time",
        source="Przyborowski and Wilenski, Biometrika 1940;31:313-323, doi:10.1093/biomet/31.3-4.313",
    ),
    "negative_binomial_rate": Method(
        label="Negative binomial rate",
        sample="events in time",
        inference=("asymptotic",),
        assumes="patients are independent; their rates follow a gamma distribution",
        meant_for="recurrent events that vary more than Poisson; its interval is asymptotic in patients",
        source="Lawless, Can J Stat 1987;15:209-225, doi:10.2307/3314912",
    ),
    "patient_bootstrap_rate": Method(
        label="Rate with a patient bootstrap",
        sample="events in time",
        inference=("monte_carlo",),
        assumes="patients are independent; the events of one may depend on each other",
        meant_for="recurrent events; too narrow when patients are few",
        source="Davison and Hinkley, Bootstrap Methods, Cambridge 1997, doi:10.1017/CBO9780511802843, section 3.8",
    ),
}

PREPARATIONS: dict[str, str] = {}

HELPERS: dict[str, str] = {
    "BootstrapRate": "is what `patient_bootstrap_rate` returns",
    "NegativeBinomialRate": "is what `negative_binomial_rate` returns",
    "RateEstimate": "is what `poisson_rate` and `first_event_incidence` return",
    "RateRatio": "is what `rate_ratio` returns",
}
