"""Bring a catalog of an older release up to date, with Alembic. Its revisions are in `versions`, named by their format.

Alembic loads when there is something to do. It notes where it is in a table of its own; what counts is the fact
"schema", which also tells older releases that they cannot read the catalog.
"""

import threading
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

_ONE_AT_A_TIME: Final = threading.Lock()
"""Alembic has one context for the whole process."""


def upgrade(connection: Connection, found: str) -> None:
    """Make the tables of the format `found` those of the newest one, in the transaction that `connection` has begun."""
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    with _ONE_AT_A_TIME:
        command.stamp(config, found, purge=True)
        command.upgrade(config, "head")
