"""What a report shows and says: tables, figures and sentences, made of the results of a study by their keys."""

from myosotis.presentation.dispatch import present_analysis
from myosotis.presentation.presented import Presentation
from myosotis.presentation.results import Results

__all__ = ["Presentation", "Results", "present_analysis"]
