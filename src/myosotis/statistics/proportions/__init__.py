"""How many of how many: intervals and tests of one proportion, and proportions pooled over studies."""
