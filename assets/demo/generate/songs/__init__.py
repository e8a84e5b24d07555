"""One module a song; each has `compose() -> Song`."""
