"""How Alembic reaches the store: through the connection that the caller hands over."""

from alembic import context

from anlan.kernel.store import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
