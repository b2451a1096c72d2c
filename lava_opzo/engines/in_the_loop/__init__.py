"""Forward windows in stock Lava Processes, learning on the host."""
