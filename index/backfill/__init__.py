"""Backfills: files read, cut and encoded on the workers of a Ray cluster, and stored here as ever.

`pipeline` reads the tasks of a sync, `cluster` reaches Ray, `stages` is what runs on the workers, and `rows` what goes
between them.
"""
