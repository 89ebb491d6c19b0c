"""Sources that several definitions rest on, each written once."""

from __future__ import annotations

from myosotis.core.definition import Citation

__all__ = [
    "ALMEIDA_2015", "ANYANWU_2015", "BODE_2003", "BOHAN_PETER_1975", "CTCAE_5", "FRANSEN_2000", "HUBER_2004",
    "HUBER_CAT_2007", "HUBER_CAT_BM_2008", "IMACS_TOOLS", "ISENBERG_2004", "JOHNSON_2020", "LAZAREVIC_2013", "LOVELL_1999",
    "LUNDBERG_2017", "MCCANN_2018", "OLUMIANT_EU", "BRUCE_FRIES_2003", "RENNEBOHM_2004", "RIDER_1997", "RIDER_2011",
    "ROSINA_2024", "SCHWARTZ_2009", "SULTAN_2008", "TIAO_2017", "VARNIER", "WANG_2022", "YASSAEE_2010",
]  # fmt: skip

WANG_2022 = Citation(
    text="Wang Z, Zheng Q, Xuan W, et al. Short-term effectiveness of baricitinib in children with refractory and/or "
    "severe juvenile dermatomyositis. Front Pediatr 2022;10:962585",
    doi="10.3389/fped.2022.962585",
    place="Methods",
)
LAZAREVIC_2013 = Citation(
    text="Lazarevic D, Pistorio A, Palmisani E, et al. The PRINTO criteria for clinically inactive disease in juvenile "
    "dermatomyositis. Ann Rheum Dis 2013;72:686-93",
    doi="10.1136/annrheumdis-2012-201483",
)
ALMEIDA_2015 = Citation(
    text="Almeida B, Campanilho-Marques R, Arnold K, et al. Analysis of published criteria for clinically inactive "
    "disease in a large juvenile dermatomyositis cohort. Arthritis Rheumatol 2015;67:2495-502",
    doi="10.1002/art.39200",
)
HUBER_2004 = Citation(
    text="Huber AM, Feldman BM, Rennebohm RM, et al. Validation and clinical significance of the Childhood Myositis "
    "Assessment Scale for assessment of muscle function in the juvenile idiopathic inflammatory myopathies. "
    "Arthritis Rheum 2004;50:1595-603",
    doi="10.1002/art.20179",
)
LOVELL_1999 = Citation(
    text="Lovell DJ, Lindsley CB, Rennebohm RM, et al. Development of validated disease activity and damage indices for "
    "the juvenile idiopathic inflammatory myopathies. II. The Childhood Myositis Assessment Scale. "
    "Arthritis Rheum 1999;42:2213-9",
    doi="10.1002/1529-0131(199910)42:10<2213::AID-ANR25>3.0.CO;2-8",
)
RENNEBOHM_2004 = Citation(
    text="Rennebohm RM, Jones K, Huber AM, et al. Normal scores for nine maneuvers of the Childhood Myositis "
    "Assessment Scale. Arthritis Rheum 2004;51:365-70",
    doi="10.1002/art.20397",
)
RIDER_2011 = Citation(
    text="Rider LG, Werth VP, Huber AM, et al. Measures of adult and juvenile dermatomyositis, polymyositis, and "
    "inclusion body myositis. Arthritis Care Res 2011;63(S11):S118-57",
    doi="10.1002/acr.20532",
)
RIDER_1997 = Citation(
    text="Rider LG, et al. Development of validated disease activity and damage indices for the juvenile idiopathic "
    "inflammatory myopathies. I. Physician, parent, and patient global assessments. Arthritis Rheum 1997;40:1976-83"
)
IMACS_TOOLS = Citation(
    text="International Myositis Assessment and Clinical Studies Group. Manual muscle testing, Form 04 and MMT8 "
    "testing procedures and score sheet"
)
BODE_2003 = Citation(
    text="Bode RK, Klein-Gitelman MS, Miller ML, Lechman TS, Pachman LM. Disease activity score for children with "
    "juvenile dermatomyositis. Arthritis Rheum 2003;49:7-15",
    doi="10.1002/art.10924",
)
VARNIER = Citation(
    text="Varnier GC, Rosina S, Ferrari C, et al. Development and testing of a hybrid measure of muscle strength in "
    "juvenile dermatomyositis for use in routine care. Arthritis Care Res"
)
ISENBERG_2004 = Citation(
    text="Isenberg DA, et al. International consensus outcome measures for patients with idiopathic inflammatory "
    "myopathies. Rheumatology 2004;43:49-54"
)
SULTAN_2008 = Citation(
    text="Sultan SM, et al. Reliability and validity of the myositis disease activity assessment tool. Arthritis Rheum "
    "2008;58:3593-9"
)
HUBER_CAT_2007 = Citation(
    text="Huber AM, Dugan EM, Lachenbruch PA, et al. The Cutaneous Assessment Tool: development and reliability in "
    "juvenile idiopathic inflammatory myopathy. Rheumatology 2007;46:1606-11",
    doi="10.1093/rheumatology/kem179",
)
HUBER_CAT_BM_2008 = Citation(
    text="Huber AM, et al. Alternative scoring of the Cutaneous Assessment Tool in juvenile dermatomyositis: results "
    "using abbreviated formats. Arthritis Rheum 2008;59:352-6",
    doi="10.1002/art.23313",
)
YASSAEE_2010 = Citation(
    text="Yassaee M, Fiorentino D, Okawa J, et al. Modification of the Cutaneous Dermatomyositis Disease Area and "
    "Severity Index, an outcome instrument. Br J Dermatol 2010;162:669-73",
    doi="10.1111/j.1365-2133.2009.09521.x",
)
ANYANWU_2015 = Citation(
    text="Anyanwu CO, Fiorentino D, Chung L, et al. Validation of the Cutaneous Dermatomyositis Disease Area and "
    "Severity Index: characterizing disease severity and assessing responsiveness to clinical change. "
    "Br J Dermatol 2015;173:969-74",
    doi="10.1111/bjd.13915",
)
TIAO_2017 = Citation(
    text="Tiao J, Feng R, Berger EM, et al. Evaluation of the reliability of the CDASI and the CAT-BM in juvenile "
    "dermatomyositis. Br J Dermatol 2017;177:1086-92",
    doi="10.1111/bjd.15596",
)
ROSINA_2024 = Citation(
    text="Rosina S, Consolaro A, Pistorio A, et al. Defining criteria for disease activity states in juvenile "
    "dermatomyositis based on the Juvenile Dermatomyositis Activity Index. RMD Open 2024;10:e003093",
    doi="10.1136/rmdopen-2023-003093",
)
BOHAN_PETER_1975 = Citation(
    text="Bohan A, Peter JB. Polymyositis and dermatomyositis. N Engl J Med 1975;292:344-7 and 403-7"
)
LUNDBERG_2017 = Citation(
    text="Lundberg IE, Tjarnlund A, Bottai M, et al. 2017 European League Against Rheumatism/American College of "
    "Rheumatology classification criteria for adult and juvenile idiopathic inflammatory myopathies. "
    "Ann Rheum Dis 2017;76:1955-64",
    doi="10.1136/annrheumdis-2017-211468",
)
MCCANN_2018 = Citation(
    text="McCann LJ, Pilkington CA, Huber AM, et al. Development of a consensus core dataset in juvenile "
    "dermatomyositis for clinical use to inform research. Ann Rheum Dis 2018;77:241-50"
)
SCHWARTZ_2009 = Citation(
    text="Schwartz GJ, Munoz A, Schneider MF, et al. New equations to estimate GFR in children with CKD. "
    "J Am Soc Nephrol 2009;20:629-37",
    doi="10.1681/ASN.2008030287",
)
CTCAE_5 = Citation(
    text="US National Cancer Institute. Common Terminology Criteria for Adverse Events, version 5.0 (2017)",
    place="Investigations",
)
OLUMIANT_EU = Citation(
    text="Olumiant (baricitinib), EU summary of product characteristics, EMEA/H/C/004085", place="sections 4.4 and 4.8"
)
BRUCE_FRIES_2003 = Citation(
    text="Bruce B, Fries JF. The Stanford Health Assessment Questionnaire: a review of its history, issues, progress, "
    "and documentation. J Rheumatol 2003;30:167-78"
)
JOHNSON_2020 = Citation(
    text="Johnson TM, Michaud K, England BR. Measures of rheumatoid arthritis disease activity. Arthritis Care Res "
    "2020;72(Suppl 10):4-26",
    doi="10.1002/acr.24336",
)
FRANSEN_2000 = Citation(
    text="Fransen J, Langenegger T, Michel BA, Stucki G. Feasibility and validity of the RADAI, a self-administered "
    "rheumatoid arthritis disease activity index. Rheumatology 2000;39:321-7"
)
