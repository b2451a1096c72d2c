"""From an experiment to a board, step by step."""
