"""The picture that all pages work on."""
