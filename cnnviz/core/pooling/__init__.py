"""Pooling: maps, gradients, shapes and the shift test."""
