"""One experiment as a file: which data, which network, how long."""
