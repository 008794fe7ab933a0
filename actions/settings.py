"""Settings of the actions process."""

from pathlib import Path

from pydantic import Field

from store import StoreSettings


class Settings(StoreSettings):
    """Read from the environment, prefix ATTUNE_."""

    actions_host: str = "127.0.0.1"
    actions_port: int = Field(default=5055, ge=1, le=65535)
    domain_pack: str = Field(default="actions.shop", description="module with the domain's own actions")
    use_cases_file: Path = Path(__file__).resolve().parent.parent / "data" / "use_cases.toml"
    budget_ms: int = Field(default=2000, ge=50, le=4500, description="time for one assessment; Rasa waits 5 s")
    recommend_category_slot: str = "shop_category"
    recommend_price_slot: str = "shop_price_limit"
    recommend_product_slot: str = "shop_product"
    recommend_about_slot: str = "attune_about_items"
