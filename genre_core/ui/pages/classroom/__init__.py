"""The page "Class": a teacher opens a room, pupils join it and guess."""
