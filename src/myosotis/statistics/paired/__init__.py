"""What changed between two moments of the same patients."""
