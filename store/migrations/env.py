"""Alembic loads this module to run migrations over the connection that Database.upgrade() gives."""

from alembic import context

from store.schema import Base


def run() -> None:
    """Migrate within the transaction of the caller, so that a failed step leaves the schema as it was."""
    connection = context.config.attributes.get("connection")
    if connection is None:
        raise RuntimeError("migrations run through store.Database.upgrade(); use: attune db upgrade")
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        # SQLite changes a column by copying its table.
        render_as_batch=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
