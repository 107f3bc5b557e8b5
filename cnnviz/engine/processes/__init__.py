"""The child processes of the server: started, queued, watched and stopped."""
