"""The demo's domain pack: catalogue and orders written for this project, storefront page, seeding."""

from shop.catalogue import generate_catalogue

__all__ = ["generate_catalogue"]
