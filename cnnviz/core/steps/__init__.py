"""Convolution one output cell at a time."""
