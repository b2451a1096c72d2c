"""The whole network in one compiled loop, without Lava."""
