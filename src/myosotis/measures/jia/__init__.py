"""Juvenile idiopathic arthritis: what charts record, the JADAS and its states, clinically inactive disease."""
