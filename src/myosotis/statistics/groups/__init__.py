"""Whether groups of different patients differ."""
