"""Rules over rows of events and conditions, answered a second time by the engine."""
