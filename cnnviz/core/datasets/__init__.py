"""The data sets to train on."""
