"""What a report says and shows: tables, figures and sentences, made of the results of a study by their keys."""

from myosotis.presentation.dispatch import present_analysis
from myosotis.presentation.document import Document, decimals_printed
from myosotis.presentation.present import present
from myosotis.presentation.presented import Presentation
from myosotis.presentation.results import Results

__all__ = ["Document", "Presentation", "Results", "decimals_printed", "present", "present_analysis"]
