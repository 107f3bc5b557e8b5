"""The parts of the page "Pooling"."""
