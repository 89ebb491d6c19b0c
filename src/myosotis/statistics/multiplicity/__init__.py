"""What p-values are worth when several were looked at."""
