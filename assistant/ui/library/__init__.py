"""The library: what is indexed, and how more is added."""
