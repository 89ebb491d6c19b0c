"""Criteria that can be read aloud: windows, series, values, three-valued criteria, and what they come to."""

from myosotis.language.criteria import Categories, Criterion, all_of, any_of, at_least, none_of, not_
from myosotis.language.explain import explain
from myosotis.language.record import IndexDate, date_of, first_dose, recorded_days
from myosotis.language.series import Condition, Flag, Series, Treatment, condition, drugs, visit_day
from myosotis.language.values import Value
from myosotis.language.visit import Visit, at_visit
from myosotis.language.windows import Window, baseline_window, day_window, month, week

__all__ = [
    "Categories",
    "Condition",
    "Criterion",
    "Flag",
    "IndexDate",
    "Series",
    "Treatment",
    "Value",
    "Visit",
    "Window",
    "all_of",
    "any_of",
    "at_visit",
    "at_least",
    "baseline_window",
    "condition",
    "date_of",
    "day_window",
    "drugs",
    "explain",
    "first_dose",
    "month",
    "none_of",
    "not_",
    "recorded_days",
    "visit_day",
    "week",
]
