"""Fridges and freezers."""

from typing import Final

from shop.family import Family, extra, model, spare

COOLING: Final = (
    Family(
        key="fridge",
        category="Fridges and freezers",
        type="fridge",
        axis="colour",
        closing="It cools {capacity}, runs at {noise} and has energy class {energy_class}.",
        models=(
            model(
                "Brunnholt Fresh 185",
                599,
                679,
                """A tall fridge-freezer with a drawer near zero degrees in which salad lasts a week longer. No-
                frost: the ice scraper can retire.""",
                "white, steel",
                capacity="345 litres",
                noise="35 dB",
                energy_class="C",
                no_frost="yes",
                freezer="104 litres",
            ),
            model(
                "Norrvale Kyla",
                289,
                329,
                """An under-counter fridge with a small ice box, for a single household or the office. The door can
                open to either side.""",
                "white, black",
                capacity="118 litres",
                noise="38 dB",
                energy_class="D",
                freezer="15 litres",
            ),
            model(
                "Ardenka French",
                1190,
                1290,
                """Two doors above, two freezer drawers below, and room for whole baking trays. Ice cubes without a
                fixed water pipe.""",
                "steel, black",
                capacity="536 litres",
                noise="37 dB",
                energy_class="D",
                no_frost="yes",
                freezer="180 litres",
            ),
        ),
        parts=(
            spare(
                "fridge door seal",
                32,
                42,
                """The magnetic seal of the {model}'s door. If a sheet of paper can be pulled out of the closed
                door, it is time.""",
                length="as fitted at the factory",
            ),
            spare(
                "vegetable drawer",
                24,
                31,
                """The clear drawer at the bottom of the {model}, with the slider for humidity.""",
                material="clear plastic",
            ),
            spare(
                "fridge water filter",
                21,
                26,
                """Activated-carbon cartridge for the {model} that takes smells out of air and ice. Pull, turn,
                done.""",
                change_every="6 months",
            ),
        ),
        accessories=(
            extra(
                "fridge thermometer",
                8,
                10,
                """A thermometer with hook and large digits that remembers the warmest and coldest hour.""",
                battery="1 × AAA",
            ),
        ),
        plan="large",
    ),
    Family(
        key="freezer",
        category="Fridges and freezers",
        type="freezer",
        axis="size",
        closing="It freezes {freezing} a day and keeps cold for {power_cut} without power.",
        models=(
            model(
                "Brunnholt Polar",
                449,
                509,
                """An upright freezer with clear drawers, so that nothing from last summer hides behind the peas.
                No-frost.""",
                "245 litres, 285 litres +70",
                freezing="18 kg",
                power_cut="14 hours",
                energy_class="D",
                no_frost="yes",
            ),
            model(
                "Norrvale Kista",
                259,
                299,
                """A chest freezer for the cellar that can also stand in an unheated garage. The lid stays open at
                any angle.""",
                "142 litres, 197 litres +60",
                freezing="12 kg",
                power_cut="28 hours",
                energy_class="E",
            ),
        ),
        parts=(
            spare(
                "freezer drawer",
                26,
                34,
                """One drawer or basket for the {model}, in the size of the two middle ones.""",
                material="shock-proof plastic",
            ),
        ),
        plan="large",
    ),
)
