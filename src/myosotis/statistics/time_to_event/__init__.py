"""When an event happens, with patients who were followed only so far."""
