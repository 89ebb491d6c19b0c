"""Letters and figures that look the same: of Latin, Cyrillic and Greek, and 0 beside O and 1 beside I and l.

The pairs are among those of the Unicode Consortium's list of confusable characters (Unicode Technical Standard #39,
Unicode Security Mechanisms, version 16.0, section 4 and its data file confusables.txt).
"""

from __future__ import annotations

import unicodedata

__all__ = ["alike", "mixes_alphabets"]

_CYRILLIC = (
    # capitals A, VE, IE, DZE, BYELORUSSIAN-UKRAINIAN I, JE, KA, EM, EN, O, ER, ES, TE, U, HA, STRAIGHT U
    "\u0410\u0412\u0415\u0405\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u04ae"
    # small a, ie, dze, byelorussian-ukrainian i, je, o, er, es, u, ha, shha, komi de, izhitsa, ze, be
    "\u0430\u0435\u0455\u0456\u0458\u043e\u0440\u0441\u0443\u0445\u04bb\u0501\u0475\u0417\u0431"
)
_GREEK = (
    # capitals ALPHA, BETA, EPSILON, ZETA, ETA, IOTA, KAPPA, MU, NU, OMICRON, RHO, TAU, UPSILON, CHI, YOT
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u037f"
    # small alpha, gamma, iota, nu, omicron, rho, upsilon, yot; then GAMMA, PI, PHI, which Cyrillic has too
    "\u03b1\u03b3\u03b9\u03bd\u03bf\u03c1\u03c5\u03f3\u0393\u03a0\u03a6"
)
_LATIN = "ABESIJKMHOPCTYXYaesijopcyxhdv36" + "ABEZHIKMNOPTYXJayivopuj\u0413\u041f\u0424"
# Figures stand last: what looks like O or I looks like 0 or 1 too.
_FIGURES = str.maketrans("OoIl|", "00111")
_LETTERS = str.maketrans(_CYRILLIC + _GREEK, _LATIN)
_ALPHABETS = ("LATIN", "CYRILLIC", "GREEK")


def alike(text: str) -> str:
    r"""Write a text so that texts that look the same are the same, with case as it is.

    >>> alike("\u04201") == alike("P1") == alike("\u03a1l") != alike("p1")
    True
    """
    return text.translate(_LETTERS).translate(_FIGURES)


def mixes_alphabets(text: str) -> bool:
    r"""Say whether a text has letters of more than one of the alphabets that share their looks.

    >>> mixes_alphabets("P-01"), mixes_alphabets("\u0420-A1")
    (False, True)
    """
    names = [unicodedata.name(letter, "") for letter in text if letter.isalpha()]
    return sum(any(name.startswith(alphabet + " ") for name in names) for alphabet in _ALPHABETS) > 1
