"""What the methods for missing values take, assume and are meant for, as data."""

from __future__ import annotations

from myosotis.statistics.common.assumptions import MISSING_AT_RANDOM, ONE_PROBABILITY
from myosotis.statistics.common.method import Method

__all__ = ["HELPERS", "METHODS", "PREPARATIONS"]


METHODS: dict[str, Method] = {
    "observed_case": Method(
        label="Observed cases",
        sample="repeated",
        inference=(),
        assumes="values are missing completely at random",
        meant_for="a description beside another strategy",
        source="Little et al., N Engl J Med 2012;367:1355-60, doi:10.1056/NEJMsr1203730",
    ),
    "complete_case": Method(
        label="Complete cases",
        sample="repeated",
        inference=(),
        assumes="being complete has nothing to do with the outcome",
        meant_for="methods that need complete patients, when few are incomplete",
        source="Little et al., N Engl J Med 2012;367:1355-60, doi:10.1056/NEJMsr1203730",
    ),
    "non_responder": Method(
        label="Non-responder imputation",
        sample="repeated",
        inference=(),
        assumes="a patient who could not be evaluated did not respond",
        meant_for="response rates; a choice of estimand, not a model of the missing values",
        source="ICH E9(R1) 2019, section A.3.2, composite variable strategies",
    ),
    "last_observation": Method(
        label="Last observation carried forward",
        sample="repeated",
        inference=(),
        assumes="nothing changes after the last value",
        meant_for="comparison with older reports only",
        source="Molenberghs et al., Biostatistics 2004;5:445-64, doi:10.1093/biostatistics/5.3.445",
    ),
    "worst_case": Method(
        label="Worst-case bound",
        sample="repeated",
        inference=(),
        assumes="nothing but the range of the instrument",
        meant_for="any number of patients; wide when many values are missing",
        source="Horowitz and Manski, J Am Stat Assoc 2000;95:77-84, doi:10.1080/01621459.2000.10473902",
    ),
    "best_case": Method(
        label="Best-case bound",
        sample="repeated",
        inference=(),
        assumes="nothing but the range of the instrument",
        meant_for="any number of patients; wide when many values are missing",
        source="Horowitz and Manski, J Am Stat Assoc 2000;95:77-84, doi:10.1080/01621459.2000.10473902",
    ),
    "multiple_imputation": Method(
        label="Multiple imputation by chained equations",
        sample="repeated",
        inference=(),
        assumes=f"{MISSING_AT_RANDOM}; each column is linear in the others",
        meant_for="more observed patients than columns; refused otherwise",
        source="van Buuren, Flexible Imputation of Missing Data, 2nd ed., CRC 2018, doi:10.1201/9780429492259",
    ),
    "rubin_pool": Method(
        label="Rubin's rules",
        sample="imputed sets",
        inference=("asymptotic",),
        assumes="the estimate is about normal in complete data; imputations are proper",
        meant_for="2 imputations or more; give the complete-data degrees of freedom when patients are few",
        source="Barnard and Rubin, Biometrika 1999;86:948-55, doi:10.1093/biomet/86.4.948",
    ),
    "tipping_point": Method(
        label="Tipping point of a shift",
        sample="imputed sets",
        inference=("asymptotic",),
        assumes="missing values differ from imputed ones by a constant shift",
        meant_for="a sensitivity analysis beside multiple imputation",
        source="Ratitch, O'Kelly and Tosiello, Pharm Stat 2013;12:337-47, doi:10.1002/pst.1549",
    ),
    "responder_tipping_point": Method(
        label="Tipping point of missing responses",
        sample="counted",
        inference=("exact",),
        assumes=ONE_PROBABILITY,
        meant_for="a sensitivity analysis beside non-responder imputation",
        source="Campbell, Pennello and Yue, J Biopharm Stat 2011;21:180-95, doi:10.1080/10543406.2011.550094",
    ),
}

PREPARATIONS: dict[str, str] = {}

HELPERS: dict[str, str] = {
    "CompletedData": "is what the strategies for missing values return",
    "ImputedData": "is what `multiple_imputation` returns",
    "PooledEstimate": "is what `rubin_pool` returns",
    "TippingPoint": "is what the tipping points return",
}
