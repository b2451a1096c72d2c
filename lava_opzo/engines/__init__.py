"""Who computes a network."""
