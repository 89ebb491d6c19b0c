"""Instruments of juvenile dermatomyositis: what is recorded of muscle, skin, organs and the whole child."""

from __future__ import annotations

from myosotis.core.definition import Definition
from myosotis.language.series import Flag, Series
from myosotis.measures.citations import (
    ANYANWU_2015,
    BODE_2003,
    HUBER_2004,
    HUBER_CAT_2007,
    HUBER_CAT_BM_2008,
    IMACS_TOOLS,
    ISENBERG_2004,
    LOVELL_1999,
    LUNDBERG_2017,
    RENNEBOHM_2004,
    RIDER_2011,
    ROSINA_2024,
    SULTAN_2008,
    TIAO_2017,
    WANG_2022,
    YASSAEE_2010,
)
from myosotis.measures.citations import BOHAN_PETER_1975 as BOHAN_PETER
from myosotis.measures.declare import measured, told, written

__all__ = [
    "OBSERVATIONS", "cardiac_involvement", "cat_activity", "cat_bm_activity", "cat_bm_damage", "cdasi_activity",
    "cdasi_damage", "cmas", "cmas_version", "das_muscle", "das_total", "emg", "erythema",
    "gastrointestinal_involvement", "gottron_papules", "gottron_sign", "heliotrope_rash",
    "inadequate_response_first_line", "inadequate_response_glucocorticoid", "jdmai_1", "jdmai_2",
    "mdaat_cardiac", "mdaat_constitutional", "mdaat_cutaneous", "mdaat_gastrointestinal", "mdaat_pulmonary",
    "mdaat_skeletal", "mmt24", "mmt8", "mmt8_bilateral", "mmt_max", "muscle_biopsy", "muscle_involvement",
    "proximal_weakness", "raised_enzymes", "skin_das", "typical_rash", "ulceration", "ulcerative_skin_disease",
]  # fmt: skip


skin_das = measured(
    "skin_das", "skin-DAS", unit="points", low=0, high=9, step=1, direction="lower is better", source=BODE_2003,
    note="The skin part of the DAS. It is recorded as a score: which signs carry its 9 points is not stated in the "
    "sources at hand, so that it is not built from signs here.",
)  # fmt: skip
das_muscle = measured(
    "das_muscle", "muscle DAS", unit="points", low=0, high=11, step=1, direction="lower is better", source=BODE_2003,
    note="The muscle part of the DAS, recorded as a score.",
)  # fmt: skip
das_total = measured(
    "das_total", "DAS", unit="points", low=0, high=20, step=1, direction="lower is better", source=BODE_2003,
    note="Skin and muscle together; where the parts are recorded too, das_consistent compares them.",
)  # fmt: skip
cmas = measured(
    "cmas", "CMAS", unit="points", low=0, high=52, step=1, direction="higher is better",
    source=(HUBER_2004, RENNEBOHM_2004, LOVELL_1999),
    note="A total above 52 is refused. 48 no, 45 mild, 39 mild to moderate, 30 moderate disability; a difference of "
    "1.5 to 3 points matters. Healthy children of 4 years score about 46.6, below the 48 that criteria of inactive "
    "disease ask for. The sheets in use differ in item 4 (top score 2 or 3), and so in the highest total (51 or 52): "
    "store cmas_version.",
)  # fmt: skip
cmas_version = written(
    "cmas_version", "CMAS score sheet used", source=(LOVELL_1999, HUBER_2004),
    note="Copies of the sheet give item 4 a top score of 2 or 3, so totals of 51 or 52; scores are never rescaled.",
)  # fmt: skip
mmt8 = measured(
    "mmt8", "MMT-8", unit="points", low=0, high=80, step=1, direction="higher is better", source=IMACS_TOOLS,
    note="Eight muscle groups of one side, 0 to 10 each. A total of both sides (0 to 150) is mmt8_bilateral; neither "
    "is rescaled into the other.",
)  # fmt: skip
mmt8_bilateral = measured(
    "mmt8_bilateral", "MMT-8 of both sides", unit="points", low=0, high=150, step=1, direction="higher is better",
    source=IMACS_TOOLS,
    note="Neck flexors once and seven groups on both sides. No cut-off of inactive disease is validated on this scale.",
)  # fmt: skip
mmt24 = measured(
    "mmt24", "MMT-24", unit="points", low=0, high=260, step=1, direction="higher is better", source=IMACS_TOOLS,
    note="Axial 0 to 20, proximal 0 to 160, distal 0 to 80.",
)  # fmt: skip
mmt_max = measured(
    "mmt_max", "maximum of the muscle test used", unit="points", low=80, high=260, source=IMACS_TOOLS,
    note="80 for the MMT-8 of one side, 150 of both sides, 260 for the MMT-24.",
)  # fmt: skip

cat_activity = measured(
    "cat_activity", "CAT activity", unit="points", low=0, high=96, direction="lower is better", source=HUBER_CAT_2007
)
cat_bm_activity = measured(
    "cat_bm_activity", "CAT-BM activity", unit="points", low=0, high=17, step=1, direction="lower is better",
    source=HUBER_CAT_BM_2008, note="10 activity and 7 combined lesions, present or not.",
)  # fmt: skip
cat_bm_damage = measured(
    "cat_bm_damage", "CAT-BM damage", unit="points", low=0, high=11, step=1, direction="lower is better",
    source=HUBER_CAT_BM_2008, note="4 damage and 7 combined lesions, present or not.",
)  # fmt: skip
cdasi_activity = measured(
    "cdasi_activity", "CDASI activity", unit="points", low=0, high=100, direction="lower is better",
    source=(YASSAEE_2010, ANYANWU_2015, TIAO_2017),
    note="Version 2. The range was not read in the original. About 19 separates mild from moderate at one centre, 14 is "
    "still mild at another; a change of 4 to 5 points matters.",
)  # fmt: skip
cdasi_damage = measured(
    "cdasi_damage", "CDASI damage", unit="points", low=0, high=32, direction="lower is better",
    source=(YASSAEE_2010, TIAO_2017), note="Version 2. The range was not read in the original.",
)  # fmt: skip
jdmai_1 = measured(
    "jdmai_1", "JDMAI 1", unit="points", low=0, high=40, direction="lower is better", source=ROSINA_2024, example=6.6
)
jdmai_2 = measured(
    "jdmai_2", "JDMAI 2", unit="points", low=0, high=39, direction="lower is better", source=ROSINA_2024, example=8.5
)


def _organ(organ: str) -> Series:
    return measured(
        f"mdaat_{organ}", f"MDAAT {organ} activity", unit="cm", low=0, high=10, direction="lower is better",
        source=(ISENBERG_2004, SULTAN_2008), note="Not assessed is left empty, never 0.",
    )  # fmt: skip


mdaat_constitutional = _organ("constitutional")
mdaat_cutaneous = _organ("cutaneous")
mdaat_skeletal = _organ("skeletal")
mdaat_gastrointestinal = _organ("gastrointestinal")
mdaat_pulmonary = _organ("pulmonary")
mdaat_cardiac = _organ("cardiac")

ulceration = told("ulceration", "cutaneous ulceration", source=WANG_2022)
erythema = told("erythema", "erythema", source=WANG_2022)
ulcerative_skin_disease = told(
    "ulcerative_skin_disease", "ulcerative skin disease", source=WANG_2022,
    note="A fact of the course so far; what is seen at one visit is `ulceration`.",
)  # fmt: skip
heliotrope_rash = told("heliotrope_rash", "heliotrope rash", source=LUNDBERG_2017)
gottron_papules = told("gottron_papules", "Gottron's papules", source=LUNDBERG_2017)
gottron_sign = told("gottron_sign", "Gottron's sign", source=LUNDBERG_2017)
proximal_weakness = told("proximal_weakness", "symmetric proximal weakness", source=BOHAN_PETER)
muscle_biopsy = told("muscle_biopsy", "muscle biopsy with evidence of myositis", source=BOHAN_PETER)
raised_enzymes = told("raised_enzymes", "raised muscle enzymes", source=BOHAN_PETER)
emg = told("emg", "electromyographic signs of myositis", source=BOHAN_PETER)
typical_rash = told("typical_rash", "typical rash of dermatomyositis", source=BOHAN_PETER)
muscle_involvement = told(
    "muscle_involvement", "muscle involvement", source=WANG_2022,
    note="At baseline, as the investigator judged it; it decides whether a muscle test can improve at all.",
)  # fmt: skip
inadequate_response_glucocorticoid = told(
    "inadequate_response_glucocorticoid", "inadequate response to glucocorticoid", source=WANG_2022,
    note="Adjudicated: the source states neither a measure nor a minimum duration.",
)  # fmt: skip
inadequate_response_first_line = told(
    "inadequate_response_first_line", "inadequate response to a first-line agent", source=WANG_2022,
    note="To at least one of azathioprine, methotrexate, mycophenolate, ciclosporin, tacrolimus, cyclophosphamide, "
    "leflunomide and intravenous immunoglobulin. Adjudicated: the source states neither a measure nor a duration.",
)  # fmt: skip
gastrointestinal_involvement = told("gastrointestinal_involvement", "gastrointestinal involvement", source=WANG_2022)
cardiac_involvement = told("cardiac_involvement", "cardiac involvement", source=(WANG_2022, RIDER_2011))


def _definitions() -> tuple[Definition, ...]:
    found = (globals()[name] for name in __all__ if name != "OBSERVATIONS")
    return tuple(one.definition if isinstance(one, Series | Flag) else one for one in found)


OBSERVATIONS: tuple[Definition, ...] = _definitions()
