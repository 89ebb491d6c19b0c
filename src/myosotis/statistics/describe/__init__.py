"""What one sample looks like: location, spread, quantiles and their intervals."""
