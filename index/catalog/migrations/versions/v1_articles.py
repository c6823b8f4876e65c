"""The catalog of the first release: articles with their versions, passages and vectors, and where they came from."""

revision = "1"
down_revision = None


def upgrade() -> None:
    """Do nothing: a catalog is never made in an old format."""
