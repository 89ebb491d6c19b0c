"""What the methods for repeated visits take, assume and are meant for, as data."""

from __future__ import annotations

from myosotis.statistics.common.method import Method

__all__ = ["HELPERS", "METHODS", "PREPARATIONS"]

_WITHIN = "patients are independent; within a patient the visits are exchangeable if nothing changed"

METHODS: dict[str, Method] = {
    "friedman": Method(
        label="Friedman test",
        sample="repeated",
        inference=("exact", "monte_carlo", "asymptotic"),
        assumes=_WITHIN,
        meant_for="complete patients; exact as long as the rank sums can be enumerated, chi-square for many patients",
        smallest_p="set by the ties; without ties k!/(k!)^n for k visits",
        source="Friedman, J Am Stat Assoc 1937;32:675-701, doi:10.1080/01621459.1937.10503522",
    ),
    "friedman_critical_value": Method(
        label="Exact critical value of the Friedman test",
        sample="design",
        inference=("exact",),
        assumes=f"{_WITHIN}; no ties",
        meant_for="planning and checking; enumerated, since printed tables hold misprints",
        source="Friedman, J Am Stat Assoc 1937;32:675-701, doi:10.1080/01621459.1937.10503522",
    ),
    "kendall_w": Method(
        label="Kendall's W",
        sample="repeated",
        inference=("exact", "monte_carlo", "asymptotic"),
        assumes=_WITHIN,
        meant_for="as the Friedman test, of which it is the effect size",
        smallest_p="as the Friedman test",
        source="Kendall and Babington Smith, Ann Math Stat 1939;10:275-287, doi:10.1214/aoms/1177732186",
    ),
    "skillings_mack": Method(
        label="Skillings-Mack test",
        sample="repeated",
        inference=("monte_carlo", "asymptotic"),
        assumes=f"{_WITHIN}; visits are missing completely at random",
        meant_for="incomplete patients; Monte Carlo when patients are few or ties many",
        source="Skillings and Mack, Technometrics 1981;23:171-177, doi:10.1080/00401706.1981.10486261",
    ),
    "durbin": Method(
        label="Durbin test",
        sample="repeated",
        inference=("exact", "monte_carlo", "asymptotic"),
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
        sample="repeated",
        inference=("exact", "asymptotic"),
        assumes=f"{_WITHIN}; the order was stated before the data were seen",
        meant_for="complete patients; exact up to nine visits",
        smallest_p="set by the ties; without ties (1/k!)^n for k visits, one-sided",
        source="Page, J Am Stat Assoc 1963;58:216-230, doi:10.1080/01621459.1963.10500843",
    ),
    "quade": Method(
        label="Quade test",
        sample="repeated",
        inference=("exact", "monte_carlo", "asymptotic"),
        assumes=f"{_WITHIN}; ranges can be compared between patients",
        meant_for="complete patients and few visits; exact where it can be enumerated",
        smallest_p="set by the ties; without ties k!/(k!)^n for k visits",
        source="Quade, J Am Stat Assoc 1979;74:680-683, doi:10.1080/01621459.1979.10481670",
    ),
    "cochran_q": Method(
        label="Cochran Q test",
        sample="repeated",
        inference=("exact", "monte_carlo", "asymptotic"),
        assumes=_WITHIN,
        meant_for="yes-or-no outcomes of complete patients; exact where it can be enumerated",
        smallest_p="set by how many patients changed; others carry no information",
        source="Cochran, Biometrika 1950;37:256-266, doi:10.1093/biomet/37.3-4.256",
    ),
    "friedman_pairwise": Method(
        label="Pairwise comparisons after Friedman",
        sample="repeated",
        inference=("exact", "asymptotic"),
        assumes=f"{_WITHIN}; the rank of a visit depends on which other visits were compared",
        meant_for="complete patients; the exact form for few of them and no ties",
        smallest_p="exact form without ties: 2/(k(k-1))^n for k visits",
        source="Eisinga et al., BMC Bioinformatics 2017;18:68, doi:10.1186/s12859-017-1486-2; "
        "Dunn, Technometrics 1964;6:241-252, doi:10.1080/00401706.1964.10490181",
    ),
    "relative_effects": Method(
        label="Relative effects over visits (LD-F1)",
        sample="repeated",
        inference=("asymptotic",),
        assumes="patients are independent; missing visits are missing completely at random",
        meant_for="ordered scores of one group; read the ANOVA-type test when patients are few",
        source="Noguchi et al., J Stat Softw 2012;50(12), doi:10.18637/jss.v050.i12",
    ),
    "grouped_relative_effects": Method(
        label="Relative effects of groups over visits (F1-LD-F1)",
        sample="repeated in groups",
        inference=("asymptotic",),
        assumes="patients are independent; missing visits are missing completely at random",
        meant_for="ordered scores of groups of about equal size; read the test with Box degrees of freedom",
        source="Noguchi et al., J Stat Softw 2012;50(12), doi:10.18637/jss.v050.i12",
    ),
}

PREPARATIONS: dict[str, str] = {
    "friedman_null": "is the exact null distribution of Friedman's test without ties",
}

HELPERS: dict[str, str] = {
    "CochranTest": "is what `cochran_q` returns",
    "ConcordanceTest": "is what `kendall_w` returns",
    "DurbinTest": "is what `durbin` returns",
    "FriedmanCriticalValue": "is what `friedman_critical_value` returns",
    "FriedmanPair": "is one comparison of `friedman_pairwise`",
    "FriedmanTest": "is what `friedman` returns",
    "GroupedRelativeEffects": "is what `grouped_relative_effects` returns",
    "PageTest": "is what `page_trend` returns",
    "PairwiseMethod": "names the methods of `friedman_pairwise`",
    "QuadeTest": "is what `quade` returns",
    "RelativeEffects": "is what `relative_effects` returns",
    "SkillingsMackTest": "is what `skillings_mack` returns",
}
