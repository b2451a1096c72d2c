"""One run, from samples to a folder."""
