"""The effective receptive field, measured."""
