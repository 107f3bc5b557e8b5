"""Trained networks in files."""
