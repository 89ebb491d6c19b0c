"""Run the command line as `python -m myosotis`."""

from myosotis.cli import main

main()
