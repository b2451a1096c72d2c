"""The algorithm in plain Python integers, slow and obvious."""
