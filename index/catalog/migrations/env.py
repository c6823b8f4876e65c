"""What Alembic runs for each command: the revisions, over the connection that it was given."""

from alembic import context

from index.catalog.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
