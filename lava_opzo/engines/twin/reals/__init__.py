"""The twin in real numbers."""
