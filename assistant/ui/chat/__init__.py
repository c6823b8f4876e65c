"""The chat: asking, answers and their evidence, and what can be done with a conversation."""
