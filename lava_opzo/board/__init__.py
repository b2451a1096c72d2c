"""Everything about a Loihi 2 board that can be decided, rehearsed or at least named without one (docs/board.md)."""
