"""One module a file format: what its bytes may hold, before a decoder sees them."""
