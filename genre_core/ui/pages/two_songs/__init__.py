"""The page "Two songs": what the network makes of two songs, side by side."""
