"""What the methods for groups take, assume and are meant for, as data."""

from __future__ import annotations

from myosotis.statistics.common.method import Method

__all__ = ["HELPERS", "METHODS", "PREPARATIONS"]

METHODS: dict[str, Method] = {
    "fisher_exact": Method(
        label="Fisher exact test",
        sample="counted groups",
        inference=("exact",),
        assumes="patients are independent; both margins are taken as fixed",
        meant_for="any size; conservative when only the group sizes were fixed",
        smallest_p="the probability of the most extreme table with these margins",
        source="Fisher, J R Stat Soc 1935;98:39-82, doi:10.2307/2342435",
    ),
    "boschloo": Method(
        label="Boschloo test",
        sample="counted groups",
        inference=("exact",),
        assumes="patients are independent; only the group sizes are fixed",
        meant_for="at most 100 patients a group; never less powerful than Fisher's test",
        smallest_p="never above that of Fisher's test",
        source="Boschloo, Stat Neerl 1970;24:1-35, doi:10.1111/j.1467-9574.1970.tb00104.x",
    ),
    "barnard": Method(
        label="Barnard test",
        sample="counted groups",
        inference=("exact",),
        assumes="patients are independent; only the group sizes are fixed",
        meant_for="at most 100 patients a group",
        smallest_p="the largest probability, over the common proportion, of the most extreme outcome",
        source="Suissa and Shuster, J R Stat Soc A 1985;148:317-327, doi:10.2307/2981892",
    ),
    "chi_square": Method(
        label="Pearson chi-square test",
        sample="counted groups",
        inference=("asymptotic",),
        assumes="patients are independent; expected counts are not small",
        meant_for="many patients; the note gives the least expected count where it is below 5",
        source="Pearson, Philos Mag 1900;50:157-175, doi:10.1080/14786440009463897; "
        "expected counts: Cochran, Biometrics 1954;10:417-451, doi:10.2307/3001616",
    ),
    "rank_sum": Method(
        label="Wilcoxon rank-sum test",
        sample="groups",
        inference=("exact", "asymptotic"),
        assumes="patients are independent; both groups have one distribution if nothing differs",
        meant_for="exact up to 200 patients, with ties",
        smallest_p="set by the ties; without ties 2/(n choose m) for m of n patients in the first group",
        source="Mann and Whitney, Ann Math Stat 1947;18:50-60, doi:10.1214/aoms/1177730491",
    ),
    "rank_sum_shift": Method(
        label="Hodges-Lehmann shift between groups",
        sample="groups",
        inference=("exact",),
        assumes="patients are independent; the groups differ by a shift",
        meant_for="as the rank-sum test; conservative with ties",
        source="Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, 3rd ed., doi:10.1002/9781119196037",
    ),
}

PREPARATIONS: dict[str, str] = {}

HELPERS: dict[str, str] = {
    "FisherTest": "is what `fisher_exact` returns",
    "UnconditionalTest": "is what `boschloo` and `barnard` return",
}
