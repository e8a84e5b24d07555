"""A recorder for music: the microphone as it is, without the browser's treatment for speech."""
