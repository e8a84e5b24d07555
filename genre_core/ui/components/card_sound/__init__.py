"""A button that plays a song where it stands."""
