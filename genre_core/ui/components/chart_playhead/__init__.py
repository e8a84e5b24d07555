"""A line over charts that moves with a sound."""
