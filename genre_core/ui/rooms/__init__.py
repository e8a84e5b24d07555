"""Class rooms: pupils guess on their phones. All of it is in memory, and nothing of it stays."""
