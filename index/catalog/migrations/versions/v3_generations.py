"""Which generations there were and which passages went with each, so that a home far away need not begin anew."""

import sqlalchemy as sa
from alembic import op

revision = "3"
down_revision = "2"

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "generations",
        sa.Column("number", _NUMBER, primary_key=True),
        sa.Column("name", _NAME, nullable=False, unique=True),
        sa.Column("last", sa.BigInteger, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "dropped",
        sa.Column("passage", _NUMBER, primary_key=True, autoincrement=False),
        sa.Column("generation", sa.BigInteger, nullable=False),
    )
    op.create_index("dropped_by_generation", "dropped", ["generation"])
    op.execute(
        "INSERT INTO generations (name, last) SELECT value, (SELECT coalesce(max(passages.id), 0) FROM passages "
        "JOIN articles ON articles.version = passages.version) FROM facts WHERE name = 'generation'"
    )
