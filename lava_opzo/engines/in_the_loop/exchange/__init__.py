"""The Process that stands for the host in the simulator, and its model."""
