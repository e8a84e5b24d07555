"""The words of a song: measures of a text, and the genre that its words speak for."""
