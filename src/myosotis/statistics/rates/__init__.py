"""How often events happen in the time at risk."""
