"""Mutation test: change the arithmetic in one place at a time and see whether verify or the tests notice."""
