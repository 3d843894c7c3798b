"""Runs the migrations on the connection that the program hands over, inside the program's own transaction."""

from __future__ import annotations

from pathlib import Path

from alembic import context
from alembic.util import CommandError
from sqlalchemy import Connection

from codelog.log.engine import make_engine
from codelog.log.tables import metadata


def run(connection: Connection) -> None:
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True, transaction_per_migration=True
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
elif (file := context.get_x_argument(as_dictionary=True).get("db")) and not context.is_offline_mode():
    engine = make_engine(Path(file), writes=True)
    with engine.begin() as own:
        run(own)
    engine.dispose()
else:
    raise CommandError(
        "name the store to work on: alembic -x db=FILE ...; people use `codelog db upgrade` instead"
    )
