"""Rendering: reads a results bundle, prints it, and computes nothing."""

from myosotis.report.cells import Part, Rendered, render_cell
from myosotis.report.write import write_interactive, write_report

__all__ = ["Part", "Rendered", "render_cell", "write_interactive", "write_report"]
