"""What the methods for models take, assume and are meant for, as data."""

from __future__ import annotations

from myosotis.statistics.common.assumptions import MISSING_AT_RANDOM
from myosotis.statistics.common.method import Method

__all__ = ["HELPERS", "METHODS", "PREPARATIONS"]


METHODS: dict[str, Method] = {
    "mixed_model": Method(
        label="Linear mixed model for repeated measures",
        sample="repeated",
        inference=("asymptotic",),
        assumes=f"patients are independent, values normal with the named covariance; {MISSING_AT_RANDOM}",
        meant_for="few patients with Kenward-Roger degrees of freedom; unstructured needs more patients than visits",
        source="Kenward and Roger, Biometrics 1997;53:983-97, doi:10.2307/2533558",
    ),
    "cumulative_link_mixed_model": Method(
        label="Cumulative-link mixed model",
        sample="repeated",
        inference=("asymptotic",),
        assumes=f"effects shift the whole scale; the patients' intercepts are normal; {MISSING_AT_RANDOM}",
        meant_for="visits that share categories and information that is not singular; refused otherwise; asymptotic",
        source="Agresti, Categorical Data Analysis, 3rd ed., Wiley 2013, section 14.4, ISBN 978-0-470-46363-5",
    ),
}

PREPARATIONS: dict[str, str] = {}

HELPERS: dict[str, str] = {
    "MixedModel": "is what `mixed_model` returns",
    "ModelEstimate": "is one estimate of `mixed_model` and `cumulative_link_mixed_model`",
    "OrdinalModel": "is what `cumulative_link_mixed_model` returns",
}
