"""Takes a database to another version of its schema, as an older or newer product would find it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

import store
from privacy import KeyRing
from store import StoreSettings


def migrate(settings: StoreSettings, keyring: KeyRing, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(store.__file__).parent / "migrations"))
    engine = create_engine(f"sqlite:///{settings.home / 'attune.db'}")
    with engine.begin() as connection:
        config.attributes.update(connection=connection, keyring=keyring)
        (command.upgrade if revision == "head" else command.downgrade)(config, revision)
    engine.dispose()
