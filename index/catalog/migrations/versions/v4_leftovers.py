"""Passages that are gone, and not yet from the store elsewhere that their vectors are in."""

import sqlalchemy as sa
from alembic import op

revision = "4"
down_revision = "3"

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table("leftovers", sa.Column("passage", _NUMBER, primary_key=True, autoincrement=False))
