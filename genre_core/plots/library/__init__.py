"""Figures of a library of songs."""
