"""What is known of the chip."""
