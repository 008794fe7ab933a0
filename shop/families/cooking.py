"""Ovens, hobs and all that gets hot."""

from typing import Final

from shop.family import Family, extra, model, spare

COOKING: Final = (
    Family(
        key="airfryer",
        category="Ovens and cooking",
        type="air fryer",
        axis="colour",
        closing="The basket holds {capacity}, which feeds {persons}; the coating is free of PFAS.",
        models=(
            model(
                "Kestrova Crisp",
                89,
                104,
                """Hot air for chips, chicken and frozen rolls, with a window to look in without losing the heat.
                Reminds you to shake.""",
                "black, cream",
                capacity="4.5 litres",
                persons="two to three",
                power="1500 W",
            ),
            model(
                "Brunnholt Duo",
                149,
                172,
                """Two drawers that finish at the same moment, even with different dishes and temperatures. They
                merge into one by taking out the wall.""",
                "black, steel",
                capacity="9 litres",
                persons="four to six",
                power="2400 W",
            ),
        ),
        parts=(
            spare(
                "frying basket",
                24,
                32,
                """The inner basket of the {model} with fresh coating and the rubber feet that keep it from
                rattling.""",
                coating="ceramic",
            ),
        ),
        plan="small",
    ),
    Family(
        key="oven",
        category="Ovens and cooking",
        type="oven",
        axis="colour",
        closing="The chamber holds {capacity}, the energy class is {energy_class}, and it fits a 60 cm niche.",
        models=(
            model(
                "Brunnholt Heat 60",
                379,
                429,
                """A built-in oven that heats evenly on two trays at once. The door closes softly and comes off with
                two levers for cleaning.""",
                "black, steel",
                capacity="71 litres",
                energy_class="A",
                self_cleaning="no",
            ),
            model(
                "Brunnholt Pyro 60",
                599,
                679,
                """Burns off fat and sugar at 480 degrees, so that a damp cloth is all the cleaning there is. The
                handle stays cool meanwhile.""",
                "black, steel",
                capacity="71 litres",
                energy_class="A+",
                self_cleaning="pyrolytic",
            ),
            model(
                "Ardenka Steam",
                749,
                839,
                """Bakes with bursts of steam: bread gets a crust that cracks, vegetables keep their colour. The
                water tank is filled from outside during baking.""",
                "black",
                capacity="65 litres",
                energy_class="A+",
                self_cleaning="steam",
                steam="yes",
            ),
        ),
        parts=(
            spare(
                "oven door seal",
                18,
                25,
                """The heat-proof seal around the chamber of the {model}, hung on hooks. A tired seal lets heat out
                at the top and browns the front of the cake less.""",
                temperature="up to 500 °C",
            ),
            spare(
                "oven lamp",
                9,
                12,
                """Lamp with glass cover for the {model}. Changed from inside with a quarter turn.""",
                socket="G9",
                power="25 W",
            ),
        ),
        accessories=(
            extra(
                "pizza stone",
                29,
                35,
                """A cordierite stone for the lowest level, with a wooden peel. Half an hour of heating gives a base
                like from a brick oven.""",
                size="38 × 30 cm",
            ),
        ),
        plan="large",
    ),
    Family(
        key="hob",
        category="Ovens and cooking",
        type="induction hob",
        axis="size",
        closing="It has {zones} with {power} in all and locks the controls with one touch.",
        models=(
            model(
                "Brunnholt Plan",
                299,
                349,
                """An induction hob with a slider for each zone, so that nobody taps nine times to simmer. Switches
                off when it boils over.""",
                "60 cm, 80 cm +120",
                zones="4 zones",
                power="7200 W",
            ),
            model(
                "Ardenka Bridge",
                449,
                509,
                """Two zones join into one for the fish pan and the griddle. The pause button keeps everything while
                the door bell rings.""",
                "60 cm, 80 cm +140",
                zones="4 zones, 2 bridged",
                power="7400 W",
            ),
        ),
        accessories=(
            extra(
                "hob scraper",
                7,
                9,
                """A scraper with a protected blade for what has burnt on glass ceramic, and five spare blades in
                the handle.""",
                content="1 scraper, 5 blades",
            ),
        ),
        plan="large",
    ),
    Family(
        key="microwave",
        category="Ovens and cooking",
        type="microwave",
        axis="colour",
        closing="It holds {capacity}, heats with {power}, and the turntable measures {turntable}.",
        models=(
            model(
                "Norrvale Mikro",
                89,
                104,
                """Two knobs, no menu: power and time. The bell can be switched off for late suppers.""",
                "white, black",
                capacity="20 litres",
                power="700 W",
                turntable="25 cm",
            ),
            model(
                "Kestrova Combi",
                189,
                219,
                """A microwave that also grills and bakes, for kitchens without room for an oven. Defrosts by weight
                and does not cook the edges.""",
                "black, steel",
                capacity="28 litres",
                power="900 W",
                turntable="31 cm",
                grill="yes",
            ),
        ),
        parts=(
            spare(
                "glass turntable",
                16,
                21,
                """The glass plate of the {model} with the matching underside for its three-armed drive.""",
                material="tempered glass",
            ),
        ),
        accessories=(
            extra(
                "microwave cover",
                7,
                9,
                """A splash hood with steam valve that folds flat to three centimetres.""",
                diameter="27 cm",
            ),
        ),
        plan="medium",
    ),
    Family(
        key="hood",
        category="Ovens and cooking",
        type="cooker hood",
        axis="size",
        closing="It moves {airflow} at {noise} and works with a duct or with recirculated air.",
        models=(
            model(
                "Brunnholt Draw",
                189,
                219,
                """A wall hood with a slanted glass front, out of the way of heads. The fat filters go into the
                dishwasher.""",
                "60 cm, 90 cm +80",
                airflow="620 m³ an hour",
                noise="58 dB",
            ),
        ),
        parts=(
            spare(
                "charcoal filter",
                19,
                25,
                """Charcoal filter for the {model} with recirculated air. Smells of fish stay for as long as it is
                saturated: change it twice a year.""",
                change_every="6 months",
            ),
        ),
        plan="medium",
    ),
    Family(
        key="ricecooker",
        category="Ovens and cooking",
        type="rice cooker",
        axis="colour",
        closing="It cooks {portions} and keeps them warm for {warm}.",
        models=(
            model(
                "Kestrova Grain",
                54,
                63,
                """Cooks rice that neither sticks nor falls apart, and porridge by the time you wake up. The steamer
                insert does vegetables above it.""",
                "white, black",
                portions="up to eight portions",
                warm="12 hours",
                power="650 W",
            ),
        ),
        plan="small",
    ),
    Family(
        key="breadmaker",
        category="Ovens and cooking",
        type="bread maker",
        axis="colour",
        closing="It bakes loaves of {loaf} in {programmes}.",
        models=(
            model(
                "Hollbeck Loaf",
                99,
                116,
                """Put flour in at night and wake up to the smell of bread. The kneading hook folds down before
                baking, so the loaf has no hole.""",
                "white, graphite",
                loaf="500 to 1000 g",
                programmes="14 programmes",
                power="600 W",
                gluten_free="one programme",
            ),
        ),
        plan="small",
    ),
)
