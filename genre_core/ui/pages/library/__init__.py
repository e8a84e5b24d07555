"""The page "Library": a store of songs, opened, uploaded or made of songs dropped here."""
