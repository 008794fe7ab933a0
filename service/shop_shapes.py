"""What a shop's page tells the API: events for counting, and the customer's steps."""

from typing import Literal, Self

from pydantic import BaseModel, Field, model_validator

from service.shapes import In


class ShopEventIn(In):
    """Something that a visitor of the shop did. seconds: of a dwell. stars: of a rating."""

    type: Literal[
        "storefront.view",
        "storefront.dwell",
        "storefront.click",
        "storefront.cart",
        "storefront.purchase",
        "storefront.rating",
        "suggestion.shown",
        "suggestion.clicked",
    ]
    item_id: str = Field(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")
    session: str = Field(pattern=r"^[A-Za-z0-9_-]{8,64}$", description="random, made by the page; not a person's id")
    seconds: float | None = Field(default=None, ge=0, le=86_400, allow_inf_nan=False)
    stars: int | None = Field(default=None, strict=True, ge=1, le=5)

    @model_validator(mode="after")
    def _with_its_number(self) -> Self:
        expected = {"storefront.dwell": "seconds", "storefront.rating": "stars"}.get(self.type)
        for name in ("seconds", "stars"):
            if (getattr(self, name) is not None) is not (name == expected):
                raise ValueError(f"expected {name} with the event that it belongs to, and only there")
        return self

    @property
    def value(self) -> float | None:
        """The number that belongs to it."""
        return self.seconds if self.stars is None else float(self.stars)


class StepIn(In):
    """One thing that happened in a step of the shop's page. It holds no text, no key and no position."""

    name: str = Field(
        pattern=r"^[a-z0-9_-]{1,64}$", description="the shop's own name of the step", examples=["address"]
    )
    kind: Literal["enter", "leave", "done", "abort", "read", "click"]
    ago_ms: int = Field(strict=True, ge=0, le=3_600_000, description="milliseconds before this was sent")


class StepsIn(In):
    """Steps since the last batch. idle: the chat is closed or rests, so that an offer of help would not interrupt."""

    id: str = Field(
        pattern=r"^[A-Za-z0-9_-]{8,64}$", description="of this batch, made by the client; the same for every attempt"
    )
    tab: str = Field(pattern=r"^[A-Za-z0-9_-]{8,64}$", description="random, the same for one tab of the browser")
    idle: bool = Field(default=False, strict=True)
    steps: list[StepIn] = Field(min_length=1, max_length=100)


class StepsOut(BaseModel):
    """The batch is kept. repeated: its id was known. help: offer help now, in this tab."""

    id: str
    repeated: bool
    help: bool
