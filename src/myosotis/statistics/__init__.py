"""Small-sample statistics: arrays or counts in, frozen records of plain floats out.

One folder answers one question. Every public name can be taken from here; its module is loaded when the name is
first asked for.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from myosotis.statistics.common.method import SAMPLES, Method, Sample
    from myosotis.statistics.common.records import HypothesisTest, IntervalEstimate, PKind
    from myosotis.statistics.describe.quantiles import (
        QuantileDefinition,
        Quartiles,
        observed_values,
        quantile,
        quartiles,
        resolved_definition,
    )
    from myosotis.statistics.describe.summary import Description, MedianInterval, describe, median_interval
    from myosotis.statistics.groups.contingency import chi_square
    from myosotis.statistics.groups.rank_sum import rank_sum, rank_sum_shift
    from myosotis.statistics.groups.two_groups import FisherTest, UnconditionalTest, barnard, boschloo, fisher_exact
    from myosotis.statistics.methods import HELPERS, METHODS, PREPARATIONS, QUESTIONS
    from myosotis.statistics.missing.multiple_imputation import ImputedData, multiple_imputation
    from myosotis.statistics.missing.rubin import (
        PooledEstimate,
        TippingPoint,
        responder_tipping_point,
        rubin_pool,
        tipping_point,
    )
    from myosotis.statistics.missing.strategies import (
        CompletedData,
        best_case,
        complete_case,
        last_observation,
        non_responder,
        observed_case,
        worst_case,
    )
    from myosotis.statistics.models.mixed import MixedModel, ModelEstimate, mixed_model
    from myosotis.statistics.models.ordinal import OrdinalModel, cumulative_link_mixed_model
    from myosotis.statistics.multiplicity.adjust import Adjustment, adjust_p
    from myosotis.statistics.multiplicity.max_t import MaxT, max_t
    from myosotis.statistics.paired.changes import Alternative, PairedChanges, PairedTest, paired_changes, sign_test
    from myosotis.statistics.paired.effects import rank_biserial, standardized_response_mean
    from myosotis.statistics.paired.hodges_lehmann import EXACT_INTERVAL_LIMIT, hodges_lehmann
    from myosotis.statistics.paired.mcnemar import (
        mcnemar,
        mcnemar_exact,
        mcnemar_mid_p,
        paired_difference_newcombe,
        paired_difference_tango,
        paired_table,
    )
    from myosotis.statistics.paired.paired_t import MeanChange, paired_t
    from myosotis.statistics.paired.signed_rank import EXACT_LIMIT, doubled_signed_ranks, lower_tail, signed_rank
    from myosotis.statistics.proportions.binomial_test import binomial_p, binomial_test
    from myosotis.statistics.proportions.intervals import clopper_pearson, jeffreys, mid_p, wilson
    from myosotis.statistics.proportions.pooled import PooledProportion, pooled_proportion
    from myosotis.statistics.rates.poisson import (
        RateEstimate,
        RateRatio,
        first_event_incidence,
        poisson_rate,
        rate_ratio,
    )
    from myosotis.statistics.rates.recurrent_events import (
        BootstrapRate,
        NegativeBinomialRate,
        negative_binomial_rate,
        patient_bootstrap_rate,
    )
    from myosotis.statistics.repeated.cochran_q import CochranTest, cochran_q
    from myosotis.statistics.repeated.durbin import DurbinTest, durbin
    from myosotis.statistics.repeated.friedman import FriedmanTest, friedman
    from myosotis.statistics.repeated.friedman_null import FriedmanCriticalValue, friedman_critical_value, friedman_null
    from myosotis.statistics.repeated.friedman_pairwise import FriedmanPair, PairwiseMethod, friedman_pairwise
    from myosotis.statistics.repeated.kendall_w import ConcordanceTest, kendall_w
    from myosotis.statistics.repeated.page_trend import PageTest, page_trend
    from myosotis.statistics.repeated.quade import QuadeTest, quade
    from myosotis.statistics.repeated.relative_effects import (
        GroupedRelativeEffects,
        RelativeEffects,
        grouped_relative_effects,
        relative_effects,
    )
    from myosotis.statistics.repeated.skillings_mack import SkillingsMackTest, skillings_mack
    from myosotis.statistics.time_to_event.log_rank import log_rank
    from myosotis.statistics.time_to_event.survival import (
        KaplanMeier,
        follow_up,
        kaplan_meier,
        kaplan_meier_median,
        restricted_mean,
    )
    from myosotis.statistics.time_to_event.turnbull import Turnbull, turnbull

__all__ = [
    "Adjustment", "Alternative", "BootstrapRate", "CochranTest", "CompletedData", "ConcordanceTest", "Description",
    "DurbinTest", "EXACT_INTERVAL_LIMIT", "EXACT_LIMIT", "FisherTest", "FriedmanCriticalValue", "FriedmanPair",
    "FriedmanTest", "GroupedRelativeEffects", "HELPERS", "HypothesisTest", "ImputedData", "IntervalEstimate", "KaplanMeier",
    "METHODS", "MaxT", "MedianInterval", "MeanChange", "Method", "MixedModel", "ModelEstimate", "NegativeBinomialRate",
    "OrdinalModel", "PKind", "PREPARATIONS", "PageTest", "PairedChanges", "PairedTest", "PairwiseMethod", "PooledEstimate",
    "PooledProportion", "QUESTIONS", "QuadeTest", "QuantileDefinition", "Quartiles", "RateEstimate", "RateRatio",
    "RelativeEffects", "SAMPLES", "Sample", "SkillingsMackTest", "TippingPoint", "Turnbull", "UnconditionalTest", "adjust_p",
    "barnard", "best_case", "binomial_p", "binomial_test", "boschloo", "chi_square", "clopper_pearson", "cochran_q",
    "complete_case", "cumulative_link_mixed_model", "describe", "doubled_signed_ranks", "durbin", "first_event_incidence",
    "fisher_exact", "follow_up", "friedman", "friedman_critical_value", "friedman_null", "friedman_pairwise",
    "grouped_relative_effects", "hodges_lehmann", "jeffreys", "kaplan_meier", "kaplan_meier_median", "kendall_w",
    "last_observation", "log_rank", "lower_tail", "max_t", "mcnemar", "mcnemar_exact", "mcnemar_mid_p", "median_interval",
    "mid_p", "mixed_model", "multiple_imputation", "negative_binomial_rate", "non_responder", "observed_case",
    "observed_values", "page_trend", "paired_changes", "paired_difference_newcombe", "paired_difference_tango", "paired_t",
    "paired_table", "patient_bootstrap_rate", "poisson_rate", "pooled_proportion", "quade", "quantile", "quartiles",
    "rank_biserial", "rank_sum", "rank_sum_shift", "rate_ratio", "relative_effects", "resolved_definition",
    "responder_tipping_point", "restricted_mean", "rubin_pool", "sign_test", "signed_rank", "skillings_mack",
    "standardized_response_mean", "tipping_point", "turnbull", "wilson", "worst_case",
]  # fmt: skip

_NAMES = {
    "common.method": "SAMPLES Method Sample",
    "common.records": "HypothesisTest IntervalEstimate PKind",
    "describe.quantiles": "QuantileDefinition Quartiles observed_values quantile quartiles resolved_definition",
    "describe.summary": "Description MedianInterval describe median_interval",
    "groups.contingency": "chi_square",
    "groups.rank_sum": "rank_sum rank_sum_shift",
    "groups.two_groups": "FisherTest UnconditionalTest barnard boschloo fisher_exact",
    "methods": "HELPERS METHODS PREPARATIONS QUESTIONS",
    "missing.multiple_imputation": "ImputedData multiple_imputation",
    "missing.rubin": "PooledEstimate TippingPoint responder_tipping_point rubin_pool tipping_point",
    "missing.strategies": "CompletedData best_case complete_case "
    "last_observation non_responder observed_case worst_case",
    "models.mixed": "MixedModel ModelEstimate mixed_model",
    "models.ordinal": "OrdinalModel cumulative_link_mixed_model",
    "multiplicity.adjust": "Adjustment adjust_p",
    "multiplicity.max_t": "MaxT max_t",
    "paired.changes": "Alternative PairedChanges PairedTest paired_changes sign_test",
    "paired.effects": "rank_biserial standardized_response_mean",
    "paired.hodges_lehmann": "EXACT_INTERVAL_LIMIT hodges_lehmann",
    "paired.mcnemar": "mcnemar mcnemar_exact mcnemar_mid_p "
    "paired_difference_newcombe paired_difference_tango paired_table",
    "paired.paired_t": "MeanChange paired_t",
    "paired.signed_rank": "EXACT_LIMIT doubled_signed_ranks lower_tail signed_rank",
    "proportions.binomial_test": "binomial_p binomial_test",
    "proportions.intervals": "clopper_pearson jeffreys mid_p wilson",
    "proportions.pooled": "PooledProportion pooled_proportion",
    "rates.poisson": "RateEstimate RateRatio first_event_incidence poisson_rate rate_ratio",
    "rates.recurrent_events": "BootstrapRate NegativeBinomialRate negative_binomial_rate patient_bootstrap_rate",
    "repeated.cochran_q": "CochranTest cochran_q",
    "repeated.durbin": "DurbinTest durbin",
    "repeated.friedman": "FriedmanTest friedman",
    "repeated.friedman_null": "FriedmanCriticalValue friedman_critical_value friedman_null",
    "repeated.friedman_pairwise": "FriedmanPair PairwiseMethod friedman_pairwise",
    "repeated.kendall_w": "ConcordanceTest kendall_w",
    "repeated.page_trend": "PageTest page_trend",
    "repeated.quade": "QuadeTest quade",
    "repeated.relative_effects": "GroupedRelativeEffects RelativeEffects grouped_relative_effects relative_effects",
    "repeated.skillings_mack": "SkillingsMackTest skillings_mack",
    "time_to_event.log_rank": "log_rank",
    "time_to_event.survival": "KaplanMeier follow_up kaplan_meier kaplan_meier_median restricted_mean",
    "time_to_event.turnbull": "Turnbull turnbull",
}
_MODULE_OF = {name: module for module, names in _NAMES.items() for name in names.split()}


if not TYPE_CHECKING:  # a type checker reads the imports above, and so reports names that do not exist

    def __getattr__(name: str) -> object:
        """Load the module that holds a public name, and keep the name."""
        if name not in _MODULE_OF:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """Keep the import system from putting a package where the method of the same name belongs.

    Importing `describe/` would bind `myosotis.statistics.describe` to the package and hide the function.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _MODULE_OF and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
