"""Compose and render the demo songs: `python -m generate` from `assets/demo`."""
