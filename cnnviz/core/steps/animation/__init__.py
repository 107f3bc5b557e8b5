"""One step as a picture, all steps as an animation."""
