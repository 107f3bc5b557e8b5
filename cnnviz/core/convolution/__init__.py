"""Convolution, padding, sizes and filtering."""
