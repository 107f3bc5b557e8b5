"""What travels between the server and its processes: frames, messages and records."""
