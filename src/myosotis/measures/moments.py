"""The moments of a measure: the windows in which it is put into words and calculated for one child without a data set."""

from __future__ import annotations

from myosotis.language.windows import Window

__all__ = ["BASELINE", "MOMENTS", "VISIT"]

BASELINE = Window(label="baseline", target=0, first=0, last=0)
VISIT = Window(label="the visit", target=168, first=168, last=168)
MOMENTS = {"baseline": BASELINE, "visit": VISIT}
