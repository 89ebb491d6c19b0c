"""What missing values could change, and how they are filled."""
