"""The figures of the lesson "How it works", one module a kind of picture."""
