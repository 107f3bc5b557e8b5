"""Measurements of cnnviz. They print tables and assert nothing about time."""
