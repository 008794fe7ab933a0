"""What the demo shop sells, written by hand. Every brand is invented."""

from typing import Final

from shop.families.air import AIR
from shop.families.breakfast import BREAKFAST
from shop.families.care import CARE
from shop.families.cleaning import CLEANING
from shop.families.coffee import COFFEE
from shop.families.computing import COMPUTING
from shop.families.cooking import COOKING
from shop.families.cooling import COOLING
from shop.families.ironing import IRONING
from shop.families.lamps import LAMPS
from shop.families.mixing import MIXING
from shop.families.phones import PHONES
from shop.families.pictures import PICTURES
from shop.families.power import POWER
from shop.families.smart import SMART
from shop.families.sound import SOUND
from shop.families.washing import WASHING
from shop.family import Family

FAMILIES: Final[tuple[Family, ...]] = (
    *BREAKFAST,
    *COFFEE,
    *MIXING,
    *COOKING,
    *COOLING,
    *WASHING,
    *CLEANING,
    *IRONING,
    *AIR,
    *PICTURES,
    *SOUND,
    *COMPUTING,
    *PHONES,
    *SMART,
    *LAMPS,
    *POWER,
    *CARE,
)

__all__ = ["FAMILIES"]
