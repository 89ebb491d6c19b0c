"""What is derived from several rows of one patient: events placed and judged, courses, worst grades, times."""
