"""The settings, to be read, and how to connect a language model."""
