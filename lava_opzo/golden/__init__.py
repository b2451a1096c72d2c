"""Golden vectors: every variable of every step of a few samples, recorded once, replayed on any engine and, later, on a board."""
