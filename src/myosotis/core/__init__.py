"""What every layer shares: definitions with their sources, units, whole-day dates."""
