"""Models of values over visits that carry a patient's own level."""
