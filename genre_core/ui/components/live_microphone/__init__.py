"""What the microphone hears, scored every two seconds."""
