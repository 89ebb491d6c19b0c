"""What each statistic assumes, for how many patients it is meant, and where it comes from, as data."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["METHODS", "PREPARATIONS", "Method"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """Record what a reader must know before trusting one public function.

    `smallest_p` says which p-value the exact form cannot go below, with n for the patients that enter; None where
    the method gives no exact p-value.
    """

    label: str
    assumes: str
    meant_for: str
    source: str
    smallest_p: str | None = None


_WITHIN = "patients are independent; within a patient the visits are exchangeable if nothing changed"
_PAIRED = "patients are independent"
_BINOMIAL = "patients are independent and share one probability"
_ROUNDED = "any number; the only choice needed is the quantile rule"
_CENSORED = "censoring has nothing to do with the event"
_RANDOM = "values are missing at random given what was observed"

_DESCRIPTION = {
    "quantile": Method(
        label="Sample quantile",
        assumes="nothing",
        meant_for=_ROUNDED,
        source="Hyndman and Fan, Am Stat 1996;50:361-365, doi:10.1080/00031305.1996.10473566",
    ),
    "quartiles": Method(
        label="Quartiles",
        assumes="nothing",
        meant_for=_ROUNDED,
        source="Hyndman and Fan, Am Stat 1996;50:361-365, doi:10.1080/00031305.1996.10473566",
    ),
    "describe": Method(
        label="Location and spread",
        assumes="nothing",
        meant_for=_ROUNDED,
        source="Hyndman and Fan, Am Stat 1996;50:361-365, doi:10.1080/00031305.1996.10473566",
    ),
    "median_interval": Method(
        label="Interval for the median from order statistics",
        assumes="independent values of one distribution; conservative when values tie",
        meant_for="n >= 6 for 95 % confidence, below that no limits exist",
        source="Thompson, Ann Math Stat 1936;7:122-128, doi:10.1214/aoms/1177732502",
    ),
}

_VISITS = {
    "friedman": Method(
        label="Friedman test",
        assumes=_WITHIN,
        meant_for="complete patients; exact as long as the rank sums can be enumerated, chi-square for many patients",
        smallest_p="set by the ties; without ties k!/(k!)^n for k visits",
        source="Friedman, J Am Stat Assoc 1937;32:675-701, doi:10.1080/01621459.1937.10503522",
    ),
    "friedman_critical_value": Method(
        label="Exact critical value of the Friedman test",
        assumes=f"{_WITHIN}; no ties",
        meant_for="planning and checking; enumerated, since printed tables hold misprints",
        source="Friedman, J Am Stat Assoc 1937;32:675-701, doi:10.1080/01621459.1937.10503522",
    ),
    "kendall_w": Method(
        label="Kendall's W",
        assumes=_WITHIN,
        meant_for="as the Friedman test, of which it is the effect size",
        smallest_p="as the Friedman test",
        source="Kendall and Babington Smith, Ann Math Stat 1939;10:275-287, doi:10.1214/aoms/1177732186",
    ),
    "skillings_mack": Method(
        label="Skillings-Mack test",
        assumes=f"{_WITHIN}; visits are missing completely at random",
        meant_for="incomplete patients; Monte Carlo when patients are few or ties many",
        source="Skillings and Mack, Technometrics 1981;23:171-177, doi:10.1080/00401706.1981.10486261",
    ),
    "durbin": Method(
        label="Durbin test",
        assumes=f"{_WITHIN}; visits are missing by a balanced design",
        meant_for="balanced incomplete designs only; exact for few patients",
        smallest_p="set by the design and the ties; the least of all arrangements over the visits seen",
        source=(
            "Durbin, Br J Psychol Stat Sect 1951;4:85-90, doi:10.1111/j.2044-8317.1951.tb00310.x; Conover, Practical "
            "Nonparametric Statistics, 3rd ed., Wiley 1999, section 5.9"
        ),
    ),
    "page_trend": Method(
        label="Page trend test",
        assumes=f"{_WITHIN}; the order was stated before the data were seen",
        meant_for="complete patients; exact up to nine visits",
        smallest_p="set by the ties; without ties (1/k!)^n for k visits, one-sided",
        source="Page, J Am Stat Assoc 1963;58:216-230, doi:10.1080/01621459.1963.10500843",
    ),
    "quade": Method(
        label="Quade test",
        assumes=f"{_WITHIN}; ranges can be compared between patients",
        meant_for="complete patients and few visits; exact where it can be enumerated",
        smallest_p="set by the ties; without ties k!/(k!)^n for k visits",
        source="Quade, J Am Stat Assoc 1979;74:680-683, doi:10.1080/01621459.1979.10481670",
    ),
    "cochran_q": Method(
        label="Cochran Q test",
        assumes=_WITHIN,
        meant_for="yes-or-no outcomes of complete patients; exact where it can be enumerated",
        smallest_p="set by how many patients changed; others carry no information",
        source="Cochran, Biometrika 1950;37:256-266, doi:10.1093/biomet/37.3-4.256",
    ),
    "friedman_pairwise": Method(
        label="Pairwise comparisons after Friedman",
        assumes=f"{_WITHIN}; the rank of a visit depends on which other visits were compared",
        meant_for="complete patients; the exact form for few of them and no ties",
        smallest_p="exact form without ties: 2/(k(k-1))^n for k visits",
        source="Eisinga et al., BMC Bioinformatics 2017;18:68, doi:10.1186/s12859-017-1486-2; "
        "Dunn, Technometrics 1964;6:241-252, doi:10.1080/00401706.1964.10490181",
    ),
    "adjust_p": Method(
        label="Adjustment for several comparisons",
        assumes="Bonferroni and Holm nothing; Hochberg and Hommel independence or positive dependence",
        meant_for="any number of comparisons named beforehand",
        source="Holm, Scand J Stat 1979;6:65-70; Hommel, Biometrika 1988;75:383-386, doi:10.1093/biomet/75.2.383",
    ),
    "max_t": Method(
        label="Westfall-Young max-t permutation",
        assumes=f"{_PAIRED}; a patient's changes are jointly symmetric about 0 if nothing changed",
        meant_for="several visits and endpoints of the same patients; exact up to 24 patients",
        smallest_p="2/2^n for n patients with any change",
        source="Westfall and Young, Resampling-Based Multiple Testing, Wiley 1993, algorithms 2.5 and 2.8",
    ),
}

_PAIRS = {
    "signed_rank": Method(
        label="Wilcoxon signed-rank test",
        assumes=f"{_PAIRED}; changes are symmetric about 0 if nothing changed",
        meant_for="exact up to 1000 pairs, with ties and zeros",
        smallest_p="2/2^n for n pairs that changed (0.0156 for n = 7)",
        source="Wilcoxon, Biometrics Bull 1945;1:80-83, doi:10.2307/3001968; "
        "zeros: Pratt, J Am Stat Assoc 1959;54:655-667, doi:10.1080/01621459.1959.10501526",
    ),
    "sign_test": Method(
        label="Sign test",
        assumes=_PAIRED,
        meant_for="any number of pairs, any scale with an order",
        smallest_p="2/2^n for n pairs that changed",
        source="Dixon and Mood, J Am Stat Assoc 1946;41:557-566, doi:10.1080/01621459.1946.10501898",
    ),
    "hodges_lehmann": Method(
        label="Hodges-Lehmann median change",
        assumes=f"{_PAIRED}; changes are symmetric about one value",
        meant_for="exact interval up to 100 pairs; 95 % limits exist from 6 pairs on",
        source="Hodges and Lehmann, Ann Math Stat 1963;34:598-611, doi:10.1214/aoms/1177704172",
    ),
    "rank_biserial": Method(
        label="Matched-pairs rank-biserial correlation",
        assumes=_PAIRED,
        meant_for="an effect size beside the signed-rank test; its interval is approximate",
        source="Kerby, Compr Psychol 2014;3:11.IT.3.1, doi:10.2466/11.IT.3.1",
    ),
    "standardized_response_mean": Method(
        label="Standardized response mean",
        assumes=f"{_PAIRED}; changes are normal",
        meant_for="n >= 2; the interval is exact only for normal changes",
        source="Liang, Fossel and Larson, Med Care 1990;28:632-642, doi:10.1097/00005650-199007000-00008",
    ),
}

_PROPORTIONS = {
    "clopper_pearson": Method(
        label="Clopper-Pearson interval",
        assumes=_BINOMIAL,
        meant_for="any n from 1; coverage never below the level, so wide when n is small",
        source="Clopper and Pearson, Biometrika 1934;26:404-413, doi:10.1093/biomet/26.4.404",
    ),
    "wilson": Method(
        label="Wilson interval",
        assumes=_BINOMIAL,
        meant_for="any n from 1; coverage near the level on average, sometimes below",
        source="Wilson, J Am Stat Assoc 1927;22:209-212, doi:10.1080/01621459.1927.10502953",
    ),
    "jeffreys": Method(
        label="Jeffreys interval",
        assumes=_BINOMIAL,
        meant_for="any n from 1; coverage near the level on average, sometimes below",
        source="Brown, Cai and DasGupta, Stat Sci 2001;16:101-133, doi:10.1214/ss/1009213286",
    ),
    "mid_p": Method(
        label="Mid-p interval",
        assumes=_BINOMIAL,
        meant_for="any n from 1; coverage near the level, sometimes below",
        source="Berry and Armitage, The Statistician 1995;44:417-423, doi:10.2307/2348891",
    ),
    "binomial_test": Method(
        label="Exact binomial test",
        assumes=_BINOMIAL,
        meant_for="any n from 1",
        smallest_p="the probability of the least probable count, p^n or (1 - p)^n for n patients and probability p",
        source="Fay, R Journal 2010;2(1):53-58, doi:10.32614/RJ-2010-008",
    ),
    "pooled_proportion": Method(
        label="Pooled proportion, binomial-normal model",
        assumes="studies are independent; their log-odds are normal; patients within one share its probability",
        meant_for="a few small studies, counts of 0 included; its interval is asymptotic in the number of studies",
        source="Stijnen, Hamza and Özdemir, Stat Med 2010;29:3046-3067, doi:10.1002/sim.4040",
    ),
    "mcnemar_exact": Method(
        label="McNemar exact test",
        assumes=_PAIRED,
        meant_for="any number of pairs; only the discordant ones count",
        smallest_p="2/2^n for n discordant pairs",
        source="Fagerland, Lydersen and Laake, BMC Med Res Methodol 2013;13:91, doi:10.1186/1471-2288-13-91",
    ),
    "mcnemar_mid_p": Method(
        label="McNemar mid-p test",
        assumes=_PAIRED,
        meant_for="any number of pairs; can exceed its level slightly",
        smallest_p="1/2^n for n discordant pairs",
        source="Fagerland, Lydersen and Laake, BMC Med Res Methodol 2013;13:91, doi:10.1186/1471-2288-13-91",
    ),
    "mcnemar": Method(
        label="McNemar chi-square test",
        assumes=_PAIRED,
        meant_for="many discordant pairs; prefer the exact test otherwise",
        source="McNemar, Psychometrika 1947;12:153-157, doi:10.1007/BF02295996",
    ),
    "paired_difference_newcombe": Method(
        label="Newcombe interval for a paired difference",
        assumes=_PAIRED,
        meant_for="any number of pairs from 1",
        source="Newcombe, Stat Med 1998;17:2635-2650, "
        "doi:10.1002/(SICI)1097-0258(19981130)17:22<2635::AID-SIM954>3.0.CO;2-C",
    ),
    "paired_difference_tango": Method(
        label="Tango score interval for a paired difference",
        assumes=_PAIRED,
        meant_for="any number of pairs from 1",
        source="Tango, Stat Med 1998;17:891-908, doi:10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B",
    ),
}

_GROUPS = {
    "fisher_exact": Method(
        label="Fisher exact test",
        assumes="patients are independent; both margins are taken as fixed",
        meant_for="any size; conservative when only the group sizes were fixed",
        smallest_p="the probability of the most extreme table with these margins",
        source="Fisher, J R Stat Soc 1935;98:39-82, doi:10.2307/2342435",
    ),
    "boschloo": Method(
        label="Boschloo test",
        assumes="patients are independent; only the group sizes are fixed",
        meant_for="at most 100 patients a group; never less powerful than Fisher's test",
        smallest_p="never above that of Fisher's test",
        source="Boschloo, Stat Neerl 1970;24:1-35, doi:10.1111/j.1467-9574.1970.tb00104.x",
    ),
    "barnard": Method(
        label="Barnard test",
        assumes="patients are independent; only the group sizes are fixed",
        meant_for="at most 100 patients a group",
        smallest_p="the largest probability, over the common proportion, of the most extreme outcome",
        source="Suissa and Shuster, J R Stat Soc A 1985;148:317-327, doi:10.2307/2981892",
    ),
    "chi_square": Method(
        label="Pearson chi-square test",
        assumes="patients are independent; expected counts are not small",
        meant_for="many patients; the note gives the least expected count where it is below 5",
        source="Pearson, Philos Mag 1900;50:157-175, doi:10.1080/14786440009463897; "
        "expected counts: Cochran, Biometrics 1954;10:417-451, doi:10.2307/3001616",
    ),
    "rank_sum": Method(
        label="Wilcoxon rank-sum test",
        assumes="patients are independent; both groups have one distribution if nothing differs",
        meant_for="exact up to 200 patients, with ties",
        smallest_p="set by the ties; without ties 2/(n choose m) for m of n patients in the first group",
        source="Mann and Whitney, Ann Math Stat 1947;18:50-60, doi:10.1214/aoms/1177730491",
    ),
    "rank_sum_shift": Method(
        label="Hodges-Lehmann shift between groups",
        assumes="patients are independent; the groups differ by a shift",
        meant_for="as the rank-sum test; conservative with ties",
        source="Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, 3rd ed., doi:10.1002/9781119196037",
    ),
}

_EVENTS = {
    "poisson_rate": Method(
        label="Poisson rate with Garwood's interval",
        assumes="events are independent and the rate is constant",
        meant_for="any number of events, 0 included; not for recurrent events of the same patients",
        source="Garwood, Biometrika 1936;28:437-442, doi:10.1093/biomet/28.3-4.437",
    ),
    "first_event_incidence": Method(
        label="Incidence of first events",
        assumes=f"{_CENSORED}; the hazard is constant",
        meant_for="any number of patients with time at risk",
        source="Garwood, Biometrika 1936;28:437-442, doi:10.1093/biomet/28.3-4.437",
    ),
    "rate_ratio": Method(
        label="Ratio of two Poisson rates",
        assumes="events are independent and both rates constant",
        meant_for="any number of events from 1 in total",
        smallest_p="set by the total number of events and the share of person-time",
        source="Przyborowski and Wilenski, Biometrika 1940;31:313-323, doi:10.1093/biomet/31.3-4.313",
    ),
    "negative_binomial_rate": Method(
        label="Negative binomial rate",
        assumes="patients are independent; their rates follow a gamma distribution",
        meant_for="recurrent events that vary more than Poisson; its interval is asymptotic in patients",
        source="Lawless, Can J Stat 1987;15:209-225, doi:10.2307/3314912",
    ),
    "patient_bootstrap_rate": Method(
        label="Rate with a patient bootstrap",
        assumes="patients are independent; the events of one may depend on each other",
        meant_for="recurrent events; too narrow when patients are few",
        source="Davison and Hinkley, Bootstrap Methods, Cambridge 1997, doi:10.1017/CBO9780511802843, section 3.8",
    ),
    "kaplan_meier": Method(
        label="Kaplan-Meier curve, log-log limits",
        assumes=_CENSORED,
        meant_for="any number of patients; the limits are asymptotic in those at risk",
        source="Kaplan and Meier, J Am Stat Assoc 1958;53:457-481, doi:10.1080/01621459.1958.10501452",
    ),
    "kaplan_meier_median": Method(
        label="Median time to the event",
        assumes=_CENSORED,
        meant_for="curves that reach one half; else the median does not exist and is said not to",
        source="Brookmeyer and Crowley, Biometrics 1982;38:29-41, doi:10.2307/2530286",
    ),
    "restricted_mean": Method(
        label="Restricted mean time",
        assumes=_CENSORED,
        meant_for="horizons within follow-up; its interval is asymptotic",
        source="Klein and Moeschberger, Survival Analysis, 2nd ed., Springer 2003, doi:10.1007/b97377, section 4.5",
    ),
    "log_rank": Method(
        label="Log-rank test",
        assumes=f"{_CENSORED}; for the permutation forms, censoring is the same in all groups",
        meant_for="exact for two small groups, Monte Carlo for more patients, chi-square for many",
        smallest_p="never below 1/(n choose m) for m of n patients in the first group",
        source="Peto and Peto, J R Stat Soc A 1972;135:185-207, doi:10.2307/2344317",
    ),
    "turnbull": Method(
        label="Turnbull curve",
        assumes="the times of the visits have nothing to do with the event",
        meant_for="events seen only between visits; it states no interval",
        source="Turnbull, J R Stat Soc B 1976;38:290-295, doi:10.1111/j.2517-6161.1976.tb01597.x",
    ),
}

_LONGITUDINAL = {
    "relative_effects": Method(
        label="Relative effects over visits (LD-F1)",
        assumes="patients are independent; missing visits are missing completely at random",
        meant_for="ordered scores of one group; read the ANOVA-type test when patients are few",
        source="Noguchi et al., J Stat Softw 2012;50(12), doi:10.18637/jss.v050.i12",
    ),
    "grouped_relative_effects": Method(
        label="Relative effects of groups over visits (F1-LD-F1)",
        assumes="patients are independent; missing visits are missing completely at random",
        meant_for="ordered scores of groups of about equal size; read the test with Box degrees of freedom",
        source="Noguchi et al., J Stat Softw 2012;50(12), doi:10.18637/jss.v050.i12",
    ),
    "mixed_model": Method(
        label="Linear mixed model for repeated measures",
        assumes=f"patients are independent, values normal with the named covariance; {_RANDOM}",
        meant_for="few patients with Kenward-Roger degrees of freedom; unstructured needs more patients than visits",
        source="Kenward and Roger, Biometrics 1997;53:983-97, doi:10.2307/2533558",
    ),
    "cumulative_link_mixed_model": Method(
        label="Cumulative-link mixed model",
        assumes=f"effects shift the whole scale; the patients' intercepts are normal; {_RANDOM}",
        meant_for="visits that share categories and information that is not singular; refused otherwise; asymptotic",
        source="Agresti, Categorical Data Analysis, 3rd ed., Wiley 2013, section 14.4, ISBN 978-0-470-46363-5",
    ),
}

_MISSING = {
    "observed_case": Method(
        label="Observed cases",
        assumes="values are missing completely at random",
        meant_for="a description beside another strategy",
        source="Little et al., N Engl J Med 2012;367:1355-60, doi:10.1056/NEJMsr1203730",
    ),
    "complete_case": Method(
        label="Complete cases",
        assumes="being complete has nothing to do with the outcome",
        meant_for="methods that need complete patients, when few are incomplete",
        source="Little et al., N Engl J Med 2012;367:1355-60, doi:10.1056/NEJMsr1203730",
    ),
    "non_responder": Method(
        label="Non-responder imputation",
        assumes="a patient who could not be evaluated did not respond",
        meant_for="response rates; a choice of estimand, not a model of the missing values",
        source="ICH E9(R1) 2019, section A.3.2, composite variable strategies",
    ),
    "last_observation": Method(
        label="Last observation carried forward",
        assumes="nothing changes after the last value",
        meant_for="comparison with older reports only",
        source="Molenberghs et al., Biostatistics 2004;5:445-64, doi:10.1093/biostatistics/5.3.445",
    ),
    "worst_case": Method(
        label="Worst-case bound",
        assumes="nothing but the range of the instrument",
        meant_for="any number of patients; wide when many values are missing",
        source="Horowitz and Manski, J Am Stat Assoc 2000;95:77-84, doi:10.1080/01621459.2000.10473902",
    ),
    "best_case": Method(
        label="Best-case bound",
        assumes="nothing but the range of the instrument",
        meant_for="any number of patients; wide when many values are missing",
        source="Horowitz and Manski, J Am Stat Assoc 2000;95:77-84, doi:10.1080/01621459.2000.10473902",
    ),
    "multiple_imputation": Method(
        label="Multiple imputation by chained equations",
        assumes=f"{_RANDOM}; each column is linear in the others",
        meant_for="more observed patients than columns; refused otherwise",
        source="van Buuren, Flexible Imputation of Missing Data, 2nd ed., CRC 2018, doi:10.1201/9780429492259",
    ),
    "rubin_pool": Method(
        label="Rubin's rules",
        assumes="the estimate is about normal in complete data; imputations are proper",
        meant_for="2 imputations or more; give the complete-data degrees of freedom when patients are few",
        source="Barnard and Rubin, Biometrika 1999;86:948-55, doi:10.1093/biomet/86.4.948",
    ),
    "tipping_point": Method(
        label="Tipping point of a shift",
        assumes="missing values differ from imputed ones by a constant shift",
        meant_for="a sensitivity analysis beside multiple imputation",
        source="Ratitch, O'Kelly and Tosiello, Pharm Stat 2013;12:337-47, doi:10.1002/pst.1549",
    ),
    "responder_tipping_point": Method(
        label="Tipping point of missing responses",
        assumes=_BINOMIAL,
        meant_for="a sensitivity analysis beside non-responder imputation",
        source="Campbell, Pennello and Yue, J Biopharm Stat 2011;21:180-95, doi:10.1080/10543406.2011.550094",
    ),
}

METHODS: dict[str, Method] = {
    **_DESCRIPTION,
    **_VISITS,
    **_PAIRS,
    **_PROPORTIONS,
    **_GROUPS,
    **_EVENTS,
    **_LONGITUDINAL,
    **_MISSING,
}
"""The methods by the name of their public function."""

PREPARATIONS: dict[str, str] = {
    "paired_table": "crosses two outcomes into the table that McNemar's tests take",
    "paired_changes": "subtracts at the recorded precision for the paired tests",
    "follow_up": "checks times and events for the survival estimates",
    "doubled_signed_ranks": "ranks for the signed-rank test and interval",
    "friedman_null": "is the exact null distribution of Friedman's test without ties",
    "binomial_p": "is the p-value of the exact binomial and sign tests",
    "observed_values": "drops and counts missing values for the summaries",
    "resolved_definition": "gives the quantile type that a program's name stands for",
    "lower_tail": "is the exact null distribution of the signed-rank test",
}
"""Public functions that prepare data for a method or are part of one, and are proved through it."""
