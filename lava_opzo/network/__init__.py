"""What a network is."""
