"""Rules over rows of events, conditions, courses and laboratory values, answered a second time by the engine."""
