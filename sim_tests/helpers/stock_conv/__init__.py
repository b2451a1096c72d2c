"""Shared weights that learn in stock Lava alone, apart from a Process that copies them: what verifies the shared form there."""
