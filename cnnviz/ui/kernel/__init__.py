"""Choosing a kernel: one of the library, or the visitor's own."""
