"""What the lesson "How it works" computes besides the method's own steps; no page in it."""
