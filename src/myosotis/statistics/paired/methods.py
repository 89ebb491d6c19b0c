"""What the methods for paired values take, assume and are meant for, as data."""

from __future__ import annotations

from myosotis.statistics.common.assumptions import INDEPENDENT
from myosotis.statistics.common.method import Method

__all__ = ["HELPERS", "METHODS", "PREPARATIONS"]


METHODS: dict[str, Method] = {
    "signed_rank": Method(
        label="Wilcoxon signed-rank test",
        sample="paired",
        inference=("exact", "asymptotic"),
        assumes=f"{INDEPENDENT}; changes are symmetric about 0 if nothing changed",
        meant_for="exact up to 1000 pairs, with ties and zeros",
        smallest_p="2/2^n for n pairs that changed (0.0156 for n = 7)",
        source="Wilcoxon, Biometrics Bull 1945;1:80-83, doi:10.2307/3001968; "
        "zeros: Pratt, J Am Stat Assoc 1959;54:655-667, doi:10.1080/01621459.1959.10501526",
    ),
    "sign_test": Method(
        label="Sign test",
        sample="paired",
        inference=("exact",),
        assumes=INDEPENDENT,
        meant_for="any number of pairs, any scale with an order",
        smallest_p="2/2^n for n pairs that changed",
        source="Dixon and Mood, J Am Stat Assoc 1946;41:557-566, doi:10.1080/01621459.1946.10501898",
    ),
    "hodges_lehmann": Method(
        label="Hodges-Lehmann median change",
        sample="paired",
        inference=("exact", "asymptotic"),
        assumes=f"{INDEPENDENT}; changes are symmetric about one value",
        meant_for="exact interval up to 100 pairs; 95 % limits exist from 6 pairs on",
        source="Hodges and Lehmann, Ann Math Stat 1963;34:598-611, doi:10.1214/aoms/1177704172",
    ),
    "rank_biserial": Method(
        label="Matched-pairs rank-biserial correlation",
        sample="paired",
        inference=("asymptotic",),
        assumes=INDEPENDENT,
        meant_for="an effect size beside the signed-rank test; its interval is approximate",
        source="Kerby, Compr Psychol 2014;3:11.IT.3.1, doi:10.2466/11.IT.3.1",
    ),
    "standardized_response_mean": Method(
        label="Standardized response mean",
        sample="paired",
        inference=("exact",),
        assumes=f"{INDEPENDENT}; changes are normal",
        meant_for="n >= 2; the interval is exact only for normal changes",
        source="Liang, Fossel and Larson, Med Care 1990;28:632-642, doi:10.1097/00005650-199007000-00008",
    ),
    "paired_t": Method(
        label="Mean change, paired t test",
        sample="paired",
        inference=("exact",),
        assumes=f"{INDEPENDENT}; changes are normal",
        meant_for="n >= 2; exact only for normal changes, see signed_rank for few pairs of skewed scores",
        source="Student, Biometrika 1908;6:1-25, doi:10.1093/biomet/6.1.1",
    ),
    "mcnemar_exact": Method(
        label="McNemar exact test",
        sample="counted pairs",
        inference=("exact",),
        assumes=INDEPENDENT,
        meant_for="any number of pairs; only the discordant ones count",
        smallest_p="2/2^n for n discordant pairs",
        source="Fagerland, Lydersen and Laake, BMC Med Res Methodol 2013;13:91, doi:10.1186/1471-2288-13-91",
    ),
    "mcnemar_mid_p": Method(
        label="McNemar mid-p test",
        sample="counted pairs",
        inference=("exact",),
        assumes=INDEPENDENT,
        meant_for="any number of pairs; can exceed its level slightly",
        smallest_p="1/2^n for n discordant pairs",
        source="Fagerland, Lydersen and Laake, BMC Med Res Methodol 2013;13:91, doi:10.1186/1471-2288-13-91",
    ),
    "mcnemar": Method(
        label="McNemar chi-square test",
        sample="counted pairs",
        inference=("asymptotic",),
        assumes=INDEPENDENT,
        meant_for="many discordant pairs; prefer the exact test otherwise",
        source="McNemar, Psychometrika 1947;12:153-157, doi:10.1007/BF02295996",
    ),
    "paired_difference_newcombe": Method(
        label="Newcombe interval for a paired difference",
        sample="counted pairs",
        inference=("asymptotic",),
        assumes=INDEPENDENT,
        meant_for="any number of pairs from 1",
        source="Newcombe, Stat Med 1998;17:2635-2650, "
        "doi:10.1002/(SICI)1097-0258(19981130)17:22<2635::AID-SIM954>3.0.CO;2-C",
    ),
    "paired_difference_tango": Method(
        label="Tango score interval for a paired difference",
        sample="counted pairs",
        inference=("asymptotic",),
        assumes=INDEPENDENT,
        meant_for="any number of pairs from 1",
        source="Tango, Stat Med 1998;17:891-908, doi:10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B",
    ),
}

PREPARATIONS: dict[str, str] = {
    "paired_table": "crosses two outcomes into the table that McNemar's tests take",
    "paired_changes": "subtracts at the recorded precision for the paired tests",
    "doubled_signed_ranks": "ranks for the signed-rank test and interval",
    "lower_tail": "is the exact null distribution of the signed-rank test",
}

HELPERS: dict[str, str] = {
    "Alternative": "names the sides of a paired test",
    "EXACT_INTERVAL_LIMIT": "is the number of pairs up to which `hodges_lehmann` is exact",
    "EXACT_LIMIT": "is the number of pairs up to which `signed_rank` is exact",
    "MeanChange": "is what `paired_t` returns",
    "PairedChanges": "is what `paired_changes` returns",
    "PairedTest": "is what `signed_rank` and `sign_test` return",
}
