"""What the page "Networks" is made of."""
