"""The twin in the integers of the chip."""
