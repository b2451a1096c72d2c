"""Trained networks for other tools, and networks of other tools as a starting point of on-line learning (docs/board.md)."""
