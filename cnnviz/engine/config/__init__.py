"""What a training run is set to, within which limits, and the engine's errors."""
