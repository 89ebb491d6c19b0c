"""Build a synthetic cohort of children whose summaries are those a publication printed."""
