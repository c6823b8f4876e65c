"""The prompts, as Markdown files named task.role.md. They are read by assistant.prompts and by nothing else."""
