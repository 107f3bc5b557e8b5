"""The kernel library, its formulas, and kernels as text."""
