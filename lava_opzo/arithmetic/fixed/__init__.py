"""The integers of the chip as pure functions on int32 and int64 arrays; docs/arithmetic.md is their specification."""
