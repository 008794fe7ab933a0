"""What a customer likes and wants, entered by themselves."""

from collections.abc import Iterable
from typing import Annotated, Self

from annotated_types import Len
from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field, StringConstraints

from service.access import ServicesDep, limit_address
from service.context import Services
from service.errors import Refused
from service.permit import PersonDep, permit
from service.shapes import In
from service.text import clean
from store import Profile
from vocabulary import Right

router = APIRouter(
    prefix="/api/me/profile", tags=["me"], dependencies=[Depends(limit_address), permit(Right.PROFILE_OWN)]
)

Words = Annotated[str, StringConstraints(min_length=1, max_length=40, strip_whitespace=True)]
Several = Annotated[list[Words], Len(max_length=20)]


class ProfileIn(In):
    """interests: own words. liked, disliked: categories of the shop, none in both. recommendations: false suggests
    nothing that was not asked for."""

    interests: Several = Field(default_factory=list)
    liked: Several = Field(default_factory=list)
    disliked: Several = Field(default_factory=list)
    recommendations: bool = Field(default=True, strict=True)


class ProfileOut(BaseModel):
    """The profile, and the categories to choose from."""

    interests: list[str]
    liked: list[str]
    disliked: list[str]
    recommendations: bool
    categories: list[str]

    @classmethod
    def of(cls, profile: Profile, categories: list[str]) -> Self:
        return cls(
            interests=list(profile.interests),
            liked=list(profile.liked),
            disliked=list(profile.disliked),
            recommendations=profile.recommendations,
            categories=categories,
        )


@router.get("", summary="Interests, liked and disliked categories, recommendations")
async def get_profile(person: PersonDep, services: ServicesDep) -> ProfileOut:
    """Empty until the customer has entered something: nothing in it is derived."""
    async with services.db.reading() as tx:
        profile = await tx.profiles.get(person.customer_id)
    return ProfileOut.of(profile, await _categories(services))


@router.put("", summary="Change them")
async def put_profile(person: PersonDep, given: ProfileIn, services: ServicesDep) -> ProfileOut:
    """The whole profile, in place of the one before. Raises: Refused (422 unknown_category, liked_and_disliked)."""
    categories = await _categories(services)
    for name in (*given.liked, *given.disliked):
        if name not in categories:
            raise Refused("unknown_category", f"The shop has no such category; it has {', '.join(categories)}.")
    if set(given.liked) & set(given.disliked):
        raise Refused("liked_and_disliked", "A category is in both lists; leave it in one of them.")
    profile = Profile(
        _once(clean(one, max_chars=40) for one in given.interests),
        _once(given.liked),
        _once(given.disliked),
        given.recommendations,
    )
    async with services.db.transaction() as tx:
        await tx.profiles.put(person.customer_id, profile)
    return ProfileOut.of(profile, categories)


async def _categories(services: Services) -> list[str]:
    async with services.db.reading() as tx:
        return sorted({item.category for item in await tx.catalogue.items()})


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
