"""The network as a graph of Lava Processes."""
