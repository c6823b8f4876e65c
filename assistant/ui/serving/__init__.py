"""The server: who is let in, how much may be asked, and the endpoints for programs."""
