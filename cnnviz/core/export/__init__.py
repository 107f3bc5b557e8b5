"""The numbers on the screen as source code that runs by itself."""
