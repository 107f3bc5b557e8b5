"""What the numbers of a run say, and what to try."""
