"""Networks as plain data: layers, shapes, receptive fields."""
