"""The study tables, how source columns feed them, and the fate of every input cell."""
