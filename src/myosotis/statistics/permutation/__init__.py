"""Distributions of statistics when each patient's visits are exchanged, counted or drawn."""
