"""Alembic's entry point: the connection and its transaction come from `migrate.upgrade`."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], target_metadata=None, transactional_ddl=True)
context.run_migrations()
