"""Reading picture files of any kind, the samples, and pictures of a few cells."""
