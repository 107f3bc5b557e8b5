"""Plotly figures: arrays and records in, figures out. Nothing is computed here."""
