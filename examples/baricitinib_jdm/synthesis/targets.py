"""The printed figures and facts that the synthetic cohort must reproduce, as data.

Source: Wang Z, Zheng Q, Xuan W, et al. Front Pediatr 2022;10:962585, doi 10.3389/fped.2022.962585 (abstract,
methods and results text). The results section is followed where results and discussion disagree.
"""

from __future__ import annotations

from datetime import date

SEED = 962585
DOI = "10.3389/fped.2022.962585"
WEEKS = (0, 4, 12, 24)
PATIENTS = tuple(f"P{i}" for i in range(1, 21))
EXCLUDED = ("P21", "P22")
FIRST_START, LAST_START = date(2019, 2, 1), date(2021, 7, 20)

MUSCLE = ("P1", "P3", "P7", "P9", "P15", "P16", "P18")
BOYS = ("P5", "P7", "P11", "P14", "P19")
PARTIAL = ("P3", "P14", "P16")
NON_RESPONDERS = ("P2", "P5")
COMPLETE = tuple(p for p in PATIENTS if p not in PARTIAL + NON_RESPONDERS)
TWELVE_WEEKS = {"P2": "cost, no medical insurance", "P8": "family's wish in remission", "P19": "cost"}
UNINSURED = ("P2", "P5", "P19")

# (median, first quartile, third quartile) as printed; None is a figure that is not printed or not reachable.
SKIN = {0: (6.0, 4.0, None), 12: (2.0, 0.0, 3.0), 24: (0.0, 0.0, 1.0)}
SKIN_BASELINE_PINS = {15: 7, 16: 8}  # type 7 gives 7.25, printed 7.3; no type 6 quartile can with a median of 6
SKIN_IMPROVED = {4: 9, 12: 15, 24: 19}
CMAS = {0: (41, 29, 44), 12: (46, 42, 52), 24: (50, 45, 52)}
CMAS_RANK_DIFFERENCE = {12: 14.0, 24: 16.0}  # Dunn-Bonferroni p 0.0225 and 0.0056, printed 0.023 and 0.006
MMT8 = {0: (73, 61, 76), 24: (79, 77, 80)}
MMT8_RANK_DIFFERENCE = {24: 15.0}  # p 0.0114, printed 0.011
STEROID = {0: (0.53, 0.42, 1.00), 4: (0.40, 0.23, 0.65), 12: (0.33, 0.18, 0.40), 24: (0.27, 0.17, 0.37)}
STEROID_RANK_DIFFERENCE = 26.5  # week 4 against 24, p 0.0070
CK_BASELINE = (93.5, 52.5, 178.0)
BARICITINIB = (0.05, 0.04, 0.09)
MONTHS_SINCE_DIAGNOSIS = (16.5, 8.8, 35.3)
DAYS_PER_MONTH = 30.4375
AGE_MEAN, AGE_SD = 7.8, 4.0
RESPONSE_WEEK_24 = {"CR": 15, "PR": 3, "NR": 2}
EVENTS, CHILDREN_WITH_EVENTS = 26, 10

DRUG_COUNTS = {
    "intravenous immunoglobulin": 9,
    "methotrexate": 15,
    "hydroxychloroquine": 2,
    "tacrolimus": 2,
    "mycophenolate mofetil": 1,
    "cyclosporine": 1,
    "thalidomide": 1,
    "infliximab": 1,
    "tocilizumab": 1,
}
# Who must have, and who must not have, a drug at baseline; the rest is drawn until the counts are met.
DRUG_PINNED = {
    "intravenous immunoglobulin": ("P9",),
    "tacrolimus": ("P4", "P17"),
    "mycophenolate mofetil": ("P14",),
    "cyclosporine": ("P2",),
    "tocilizumab": ("P9",),
}
NOT_METHOTREXATE = ("P2", "P4", "P9", "P14", "P17")
EARLIER_DRUGS = {
    "P2": ("methotrexate",),
    "P3": ("cyclosporine",),
    "P4": ("methotrexate",),
    "P12": ("azathioprine",),
    "P14": ("cyclophosphamide",),
    "P15": ("mycophenolate mofetil",),
    "P17": ("methotrexate", "cyclophosphamide"),
    "P20": ("leflunomide",),
}
FACTORS = {"prednisone": 1.0, "prednisolone": 1.0, "methylprednisolone": 1.25}
CALCINOSIS = {"P2": "stable", "P3": "improved", "P12": "stable"}
ILD = {"P4": "improved", "P5": "improved", "P9": "improved", "P14": "stable", "P17": "improved"}

ANTIBODIES = (
    "Mi-2α", "Mi-2β", "TIF1γ", "MDA5", "NXP2", "SAE1", "Ku", "PM-Scl100",
    "PM-Scl75", "Jo-1", "SRP", "PL-7", "PL-12", "EJ", "OJ", "Ro-52",
)  # fmt: skip
POSITIVE = {
    "P2": ("NXP2",), "P3": ("NXP2",), "P4": ("MDA5", "Ro-52"), "P5": ("MDA5",), "P6": ("TIF1γ",),
    "P8": ("TIF1γ",), "P9": ("MDA5", "Ro-52"), "P11": ("SAE1",), "P12": ("NXP2",), "P13": ("TIF1γ",),
    "P14": ("MDA5", "Ro-52"), "P16": ("NXP2",), "P17": ("MDA5",), "P18": ("Mi-2α", "Mi-2β"),
    "P19": ("TIF1γ",), "P20": ("PM-Scl75",), "P22": ("NXP2",),
}  # fmt: skip
BETWEEN_CUT_OFFS = ("P7", "Ku")  # an intensity of 11 to 15: positive by some schemes, negative by the study's > 15
