"""A music genre recognizer that shows its reasons."""

__version__ = "0.1.0"
