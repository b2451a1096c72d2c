"""The pre-flight rules."""
