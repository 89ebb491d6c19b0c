"""Run the command line as `python -m myosotis`."""

from myosotis.cli import main

if __name__ == "__main__":
    main()
