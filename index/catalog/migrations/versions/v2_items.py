"""Items between sources and articles, which several may hold; copies, authors and pages. From SQLite only."""

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"


def upgrade() -> None:
    op.create_table(
        "sources",
        sa.Column("address", sa.String, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("stamp", sa.Text, nullable=False, server_default=""),
        sa.Column("ignore", sa.Text, nullable=False, server_default="[]"),
        sa.Column("read", sa.String),
        sa.Column("failure", sa.Text),
    )
    op.create_table(
        "items",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("address", sa.String, nullable=False),
        sa.Column("stamp", sa.Text, nullable=False, server_default=""),
        sa.UniqueConstraint("source", "address"),
    )
    op.create_table(
        "holdings",
        sa.Column("item", sa.Integer, sa.ForeignKey("items.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("article", sa.String, primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("holdings_by_article", "holdings", ["article"])
    op.add_column("versions", sa.Column("author", sa.Text))
    op.add_column("versions", sa.Column("address", sa.Text))
    op.add_column("versions", sa.Column("pages", sa.Text, nullable=False, server_default="[]"))
    op.create_index("versions_by_digest", "versions", ["digest"])
    op.execute("INSERT INTO sources (address, kind) SELECT address, kind FROM origins")
    op.execute("INSERT INTO items (source, address) SELECT origin, source FROM articles")
    op.execute("INSERT INTO holdings (item, article) SELECT id, address FROM items")
    op.drop_table("origins")
    # Its version was unique there, which SQLite cannot take back.
    op.create_table(
        "articles_2",
        sa.Column("source", sa.String, primary_key=True),
        sa.Column("version", sa.Integer, sa.ForeignKey("versions.id"), nullable=False),
    )
    op.execute("INSERT INTO articles_2 (source, version) SELECT source, version FROM articles")
    op.drop_table("articles")
    op.rename_table("articles_2", "articles")
    op.create_index("articles_by_version", "articles", ["version"])
