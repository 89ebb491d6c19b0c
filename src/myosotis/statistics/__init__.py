"""Small-sample statistics: arrays or counts in, frozen records of plain floats out.

Every public name can be taken from here; its module is loaded when the name is first asked for.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from myosotis.statistics.adjust import Adjustment, adjust_p
    from myosotis.statistics.binomial_test import binomial_p, binomial_test
    from myosotis.statistics.cochran_q import CochranTest, cochran_q
    from myosotis.statistics.contingency import chi_square
    from myosotis.statistics.describe import Description, MedianInterval, describe, median_interval
    from myosotis.statistics.durbin import DurbinTest, durbin
    from myosotis.statistics.friedman import FriedmanTest, friedman
    from myosotis.statistics.friedman_null import FriedmanCriticalValue, friedman_critical_value, friedman_null
    from myosotis.statistics.friedman_pairwise import FriedmanPair, PairwiseMethod, friedman_pairwise
    from myosotis.statistics.hodges_lehmann import EXACT_INTERVAL_LIMIT, hodges_lehmann
    from myosotis.statistics.kendall_w import ConcordanceTest, kendall_w
    from myosotis.statistics.log_rank import log_rank
    from myosotis.statistics.max_t import MaxT, max_t
    from myosotis.statistics.mcnemar import (
        mcnemar,
        mcnemar_exact,
        mcnemar_mid_p,
        paired_difference_newcombe,
        paired_difference_tango,
        paired_table,
    )
    from myosotis.statistics.methods import METHODS, PREPARATIONS, Method
    from myosotis.statistics.missing import (
        CompletedData,
        best_case,
        complete_case,
        last_observation,
        non_responder,
        observed_case,
        worst_case,
    )
    from myosotis.statistics.mixed import MixedModel, ModelEstimate, mixed_model
    from myosotis.statistics.multiple_imputation import ImputedData, multiple_imputation
    from myosotis.statistics.ordinal import OrdinalModel, cumulative_link_mixed_model
    from myosotis.statistics.page_trend import PageTest, page_trend
    from myosotis.statistics.paired import Alternative, PairedChanges, PairedTest, paired_changes, sign_test
    from myosotis.statistics.paired_effects import rank_biserial, standardized_response_mean
    from myosotis.statistics.pooled import PooledProportion, pooled_proportion
    from myosotis.statistics.proportions import clopper_pearson, jeffreys, mid_p, wilson
    from myosotis.statistics.quade import QuadeTest, quade
    from myosotis.statistics.quantiles import (
        QuantileDefinition,
        Quartiles,
        observed_values,
        quantile,
        quartiles,
        resolved_definition,
    )
    from myosotis.statistics.rank_sum import rank_sum, rank_sum_shift
    from myosotis.statistics.rates import RateEstimate, RateRatio, first_event_incidence, poisson_rate, rate_ratio
    from myosotis.statistics.records import HypothesisTest, IntervalEstimate, PKind
    from myosotis.statistics.recurrent_events import (
        BootstrapRate,
        NegativeBinomialRate,
        negative_binomial_rate,
        patient_bootstrap_rate,
    )
    from myosotis.statistics.relative_effects import (
        GroupedRelativeEffects,
        RelativeEffects,
        grouped_relative_effects,
        relative_effects,
    )
    from myosotis.statistics.rubin import (
        PooledEstimate,
        TippingPoint,
        responder_tipping_point,
        rubin_pool,
        tipping_point,
    )
    from myosotis.statistics.signed_rank import EXACT_LIMIT, doubled_signed_ranks, lower_tail, signed_rank
    from myosotis.statistics.skillings_mack import SkillingsMackTest, skillings_mack
    from myosotis.statistics.survival import KaplanMeier, follow_up, kaplan_meier, kaplan_meier_median, restricted_mean
    from myosotis.statistics.turnbull import Turnbull, turnbull
    from myosotis.statistics.two_groups import FisherTest, UnconditionalTest, barnard, boschloo, fisher_exact

__all__ = [
    "Adjustment",
    "Alternative",
    "BootstrapRate",
    "CochranTest",
    "CompletedData",
    "ConcordanceTest",
    "Description",
    "DurbinTest",
    "EXACT_INTERVAL_LIMIT",
    "EXACT_LIMIT",
    "FisherTest",
    "FriedmanCriticalValue",
    "FriedmanPair",
    "FriedmanTest",
    "GroupedRelativeEffects",
    "HypothesisTest",
    "ImputedData",
    "IntervalEstimate",
    "KaplanMeier",
    "METHODS",
    "MaxT",
    "MedianInterval",
    "Method",
    "MixedModel",
    "ModelEstimate",
    "NegativeBinomialRate",
    "OrdinalModel",
    "PKind",
    "PREPARATIONS",
    "PageTest",
    "PairedChanges",
    "PairedTest",
    "PairwiseMethod",
    "PooledEstimate",
    "PooledProportion",
    "QuadeTest",
    "QuantileDefinition",
    "Quartiles",
    "RateEstimate",
    "RateRatio",
    "RelativeEffects",
    "SkillingsMackTest",
    "TippingPoint",
    "Turnbull",
    "UnconditionalTest",
    "adjust_p",
    "barnard",
    "best_case",
    "binomial_p",
    "binomial_test",
    "boschloo",
    "chi_square",
    "clopper_pearson",
    "cochran_q",
    "complete_case",
    "cumulative_link_mixed_model",
    "describe",
    "doubled_signed_ranks",
    "durbin",
    "first_event_incidence",
    "fisher_exact",
    "follow_up",
    "friedman",
    "friedman_critical_value",
    "friedman_null",
    "friedman_pairwise",
    "grouped_relative_effects",
    "hodges_lehmann",
    "jeffreys",
    "kaplan_meier",
    "kaplan_meier_median",
    "kendall_w",
    "last_observation",
    "log_rank",
    "lower_tail",
    "max_t",
    "mcnemar",
    "mcnemar_exact",
    "mcnemar_mid_p",
    "median_interval",
    "mid_p",
    "mixed_model",
    "multiple_imputation",
    "negative_binomial_rate",
    "non_responder",
    "observed_case",
    "observed_values",
    "page_trend",
    "paired_changes",
    "paired_difference_newcombe",
    "paired_difference_tango",
    "paired_table",
    "patient_bootstrap_rate",
    "poisson_rate",
    "pooled_proportion",
    "quade",
    "quantile",
    "quartiles",
    "rank_biserial",
    "rank_sum",
    "rank_sum_shift",
    "rate_ratio",
    "relative_effects",
    "resolved_definition",
    "responder_tipping_point",
    "restricted_mean",
    "rubin_pool",
    "sign_test",
    "signed_rank",
    "skillings_mack",
    "standardized_response_mean",
    "tipping_point",
    "turnbull",
    "wilson",
    "worst_case",
]

_NAMES = {
    "adjust": ("Adjustment", "adjust_p"),
    "binomial_test": ("binomial_p", "binomial_test"),
    "cochran_q": ("CochranTest", "cochran_q"),
    "contingency": ("chi_square",),
    "describe": ("Description", "MedianInterval", "describe", "median_interval"),
    "durbin": ("DurbinTest", "durbin"),
    "friedman": ("FriedmanTest", "friedman"),
    "friedman_null": ("FriedmanCriticalValue", "friedman_critical_value", "friedman_null"),
    "friedman_pairwise": ("FriedmanPair", "PairwiseMethod", "friedman_pairwise"),
    "hodges_lehmann": ("EXACT_INTERVAL_LIMIT", "hodges_lehmann"),
    "kendall_w": ("ConcordanceTest", "kendall_w"),
    "log_rank": ("log_rank",),
    "max_t": ("MaxT", "max_t"),
    "mcnemar": (
        "mcnemar",
        "mcnemar_exact",
        "mcnemar_mid_p",
        "paired_difference_newcombe",
        "paired_difference_tango",
        "paired_table",
    ),
    "methods": ("METHODS", "PREPARATIONS", "Method"),
    "missing": (
        "CompletedData",
        "best_case",
        "complete_case",
        "last_observation",
        "non_responder",
        "observed_case",
        "worst_case",
    ),
    "mixed": ("MixedModel", "ModelEstimate", "mixed_model"),
    "multiple_imputation": ("ImputedData", "multiple_imputation"),
    "ordinal": ("OrdinalModel", "cumulative_link_mixed_model"),
    "page_trend": ("PageTest", "page_trend"),
    "paired": ("Alternative", "PairedChanges", "PairedTest", "paired_changes", "sign_test"),
    "paired_effects": ("rank_biserial", "standardized_response_mean"),
    "pooled": ("PooledProportion", "pooled_proportion"),
    "proportions": ("clopper_pearson", "jeffreys", "mid_p", "wilson"),
    "quade": ("QuadeTest", "quade"),
    "quantiles": ("QuantileDefinition", "Quartiles", "observed_values", "quantile", "quartiles", "resolved_definition"),
    "rank_sum": ("rank_sum", "rank_sum_shift"),
    "rates": ("RateEstimate", "RateRatio", "first_event_incidence", "poisson_rate", "rate_ratio"),
    "records": ("HypothesisTest", "IntervalEstimate", "PKind"),
    "recurrent_events": ("BootstrapRate", "NegativeBinomialRate", "negative_binomial_rate", "patient_bootstrap_rate"),
    "relative_effects": ("GroupedRelativeEffects", "RelativeEffects", "grouped_relative_effects", "relative_effects"),
    "rubin": ("PooledEstimate", "TippingPoint", "responder_tipping_point", "rubin_pool", "tipping_point"),
    "signed_rank": ("EXACT_LIMIT", "doubled_signed_ranks", "lower_tail", "signed_rank"),
    "skillings_mack": ("SkillingsMackTest", "skillings_mack"),
    "survival": ("KaplanMeier", "follow_up", "kaplan_meier", "kaplan_meier_median", "restricted_mean"),
    "turnbull": ("Turnbull", "turnbull"),
    "two_groups": ("FisherTest", "UnconditionalTest", "barnard", "boschloo", "fisher_exact"),
}
_MODULE_OF = {name: module for module, names in _NAMES.items() for name in names}


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
    """Keep the import system from putting a module where the method of the same name belongs.

    Importing `friedman.py` would bind `myosotis.statistics.friedman` to the module and hide the function.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _MODULE_OF and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
