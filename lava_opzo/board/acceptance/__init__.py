"""Nine small experiments that decide whether a board computes as this project assumes (docs/board.md)."""
