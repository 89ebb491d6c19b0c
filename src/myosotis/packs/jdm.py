"""Juvenile dermatomyositis: instruments, skin and muscle, classification, states, responses, antibodies."""

from myosotis.language import drugs
from myosotis.language.criteria import Criterion
from myosotis.language.series import Flag, Series
from myosotis.language.windows import Window
from myosotis.measures.catalogue import measures
from myosotis.measures.jdm.antibodies import *
from myosotis.measures.jdm.antibodies import ASSOCIATED, SPECIFIC
from myosotis.measures.jdm.antibody_panel import *
from myosotis.measures.jdm.classification import *
from myosotis.measures.jdm.cmas import *
from myosotis.measures.jdm.contradictions import *
from myosotis.measures.jdm.das import *
from myosotis.measures.jdm.imacs_improvement import *
from myosotis.measures.jdm.indices import *
from myosotis.measures.jdm.instruments import *
from myosotis.measures.jdm.interferon import *
from myosotis.measures.jdm.manual_muscle import *
from myosotis.measures.jdm.printo_response import *
from myosotis.measures.jdm.response_wang import *
from myosotis.measures.jdm.severity import *
from myosotis.measures.jdm.skin import *
from myosotis.measures.jdm.states import *
from myosotis.measures.jdm.total_improvement import *
from myosotis.measures.jdm.wang_choices import RECOMMENDED, WANG_2022_LITERAL
from myosotis.measures.measure import Measure
from myosotis.measures.observations import (
    hypersensitivity,
    malignancy,
    other_infection,
    overlap_syndrome,
    parent_global,
    physician_global,
)

# The classes of drugs that are added to, or given instead of, a glucocorticoid.
immunosuppressants = drugs(
    "immunosuppressant",
    classes=("conventional immunosuppressant", "immunomodulator", "biologic", "immunoglobulin", "antimalarial"),
)


def antibodies(window: Window, *, positivity: str) -> tuple[tuple[str, Criterion], ...]:
    """Ask for each myositis antibody at a visit, specific ones first; `positivity` is the intensity that counts.

    Each is a label with its criterion, as `present` takes them.
    """
    return tuple(
        (one.label.removeprefix("anti-"), measures()[one.key].at(window, positivity=positivity))  # type: ignore[misc]
        for one in (*SPECIFIC, *ASSOCIATED)
    )


__all__ = sorted(
    ["RECOMMENDED", "WANG_2022_LITERAL", "antibodies", "immunosuppressants"]
    + [name for name, one in list(globals().items()) if isinstance(one, Series | Flag | Measure)]
)
