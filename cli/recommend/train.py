"""`attune recommend train`: learn from what customers did, as the web process does at night."""

import asyncio
from typing import Any

from cli.opened import opened_database
from cli.output import AsJson, print_report, reports_errors
from recommender import TasteModel
from service import refit
from store import StoreSettings

_MODEL = "taste.npz"


@reports_errors
def train(as_json: AsJson = False) -> None:
    """Fit the model of taste to the shop's interactions and put it in place. Processes take it up by themselves."""
    print_report(asyncio.run(_train(StoreSettings())), as_json=as_json)


async def _train(settings: StoreSettings) -> dict[str, Any]:
    async with opened_database(settings) as db:
        learned = await refit(db, settings)
    path = settings.learned_dir / _MODEL
    if not learned.count or not learned.items:
        note = "nothing to learn from yet: no model was made. attune catalogue import brings items, "
        note += "attune recommend interactions brings what people did."
        return {"interactions": learned.count, "items": learned.items, "seconds": learned.seconds, "note": note}
    model = TasteModel.load(path)
    return {
        "interactions": learned.count,
        "items": learned.items,
        "seconds": learned.seconds,
        "bytes": path.stat().st_size,
        "settings": model.settings.to_dict(),
    }
