"""How and when a network learns."""
