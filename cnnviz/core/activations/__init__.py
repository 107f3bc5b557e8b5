"""Activation functions and their table."""
