"""myosotis: from a folder of charts to a defensible cohort study."""
