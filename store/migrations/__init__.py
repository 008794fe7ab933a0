"""Alembic's migrations; `Database.upgrade()` runs them."""
