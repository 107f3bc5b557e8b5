"""A training run as its owner sees it."""
