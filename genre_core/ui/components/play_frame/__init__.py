"""Buttons that play one frame of a player elsewhere on the page."""
