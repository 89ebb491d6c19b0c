"""What the methods for proportions take, assume and are meant for, as data."""

from __future__ import annotations

from myosotis.statistics.common.assumptions import ONE_PROBABILITY
from myosotis.statistics.common.method import Method

__all__ = ["HELPERS", "METHODS", "PREPARATIONS"]


METHODS: dict[str, Method] = {
    "clopper_pearson": Method(
        label="Clopper-Pearson interval",
        sample="counted",
        inference=("exact",),
        assumes=ONE_PROBABILITY,
        meant_for="any n from 1; coverage never below the level, so wide when n is small",
        source="Clopper and Pearson, Biometrika 1934;26:404-413, doi:10.1093/biomet/26.4.404",
    ),
    "wilson": Method(
        label="Wilson interval",
        sample="counted",
        inference=("asymptotic",),
        assumes=ONE_PROBABILITY,
        meant_for="any n from 1; coverage near the level on average, sometimes below",
        source="Wilson, J Am Stat Assoc 1927;22:209-212, doi:10.1080/01621459.1927.10502953",
    ),
    "jeffreys": Method(
        label="Jeffreys interval",
        sample="counted",
        inference=("exact",),
        assumes=ONE_PROBABILITY,
        meant_for="any n from 1; coverage near the level on average, sometimes below",
        source="Brown, Cai and DasGupta, Stat Sci 2001;16:101-133, doi:10.1214/ss/1009213286",
    ),
    "mid_p": Method(
        label="Mid-p interval",
        sample="counted",
        inference=("exact",),
        assumes=ONE_PROBABILITY,
        meant_for="any n from 1; coverage near the level, sometimes below",
        source="Berry and Armitage, The Statistician 1995;44:417-423, doi:10.2307/2348891",
    ),
    "binomial_test": Method(
        label="Exact binomial test",
        sample="counted",
        inference=("exact",),
        assumes=ONE_PROBABILITY,
        meant_for="any n from 1",
        smallest_p="the probability of the least probable count, p^n or (1 - p)^n for n patients and probability p",
        source="Fay, R Journal 2010;2(1):53-58, doi:10.32614/RJ-2010-008",
    ),
    "pooled_proportion": Method(
        label="Pooled proportion, binomial-normal model",
        sample="several studies",
        inference=("asymptotic",),
        assumes="studies are independent; their log-odds are normal; patients within one share its probability",
        meant_for="a few small studies, counts of 0 included; its interval is asymptotic in the number of studies",
        source="Stijnen, Hamza and Özdemir, Stat Med 2010;29:3046-3067, doi:10.1002/sim.4040",
    ),
}

PREPARATIONS: dict[str, str] = {
    "binomial_p": "is the p-value of the exact binomial and sign tests",
}

HELPERS: dict[str, str] = {
    "PooledProportion": "is what `pooled_proportion` returns",
}
