"""Kettles, toasters and other helpers on a kitchen worktop."""

from typing import Final

from shop.family import Family, extra, model, spare

BREAKFAST: Final = (
    Family(
        key="kettle",
        category="Kettles",
        type="kettle",
        axis="colour",
        closing="It holds {capacity}, draws {power} and switches itself off when the water boils or the jug is empty.",
        models=(
            model(
                "Norrvale Bruna",
                34,
                39,
                """A quiet kettle with double walls: the outside stays cool enough to touch and breakfast can go on
                talking. The lid opens wide, so cleaning needs no bottle brush.""",
                "white, black, blue",
                capacity="1.7 litres",
                power="2200 W",
                noise="quiet",
                material="steel, double wall",
            ),
            model(
                "Kestrova Pour",
                59,
                69,
                """A gooseneck kettle for filter coffee and green tea, with a dial from 40 to 100 degrees and a
                thin, steady stream. Keeps the chosen temperature for half an hour.""",
                "steel, matt black",
                capacity="0.9 litres",
                power="1200 W",
                temperature_control="40 to 100 °C",
            ),
            model(
                "Pellworth Clear",
                27,
                32,
                """A glass kettle that glows while it heats, with a scale in cups that can be read from both sides.
                The base hides the cable.""",
                "clear glass, smoked glass",
                capacity="1.5 litres",
                power="2000 W",
                material="borosilicate glass",
                replaces="Bruna",
            ),
            model(
                "Norrvale Lilla",
                22,
                26,
                """A small travel kettle with a folding handle and two cups in the bag. It takes 110 and 230 volts,
                so it boils in hotel rooms on both sides of the ocean.""",
                "white, sage",
                capacity="0.6 litres",
                power="1000 W",
                use="travel",
            ),
        ),
        parts=(
            spare(
                "limescale filter",
                6,
                8,
                """The fine mesh in the spout that keeps flakes of lime out of the cup. Snaps into the {model}
                without tools; change it twice a year in hard water.""",
                change_every="6 months",
            ),
            spare(
                "kettle base",
                14,
                18,
                """The powered base of the {model} with its cable and the round contact that lets the jug turn
                freely. The usual cure when a kettle no longer reacts to its switch.""",
                cable="75 cm",
            ),
        ),
        accessories=(
            extra(
                "descaler",
                7,
                9,
                """Citric descaler in twelve portions. One portion with half a litre of water clears a kettle in
                twenty minutes and leaves no smell.""",
                content="12 portions",
            ),
        ),
        plan="small",
    ),
    Family(
        key="toaster",
        category="Toasters",
        type="toaster",
        axis="colour",
        closing="It takes {slots} and browns in {levels}; the crumb tray slides out at the back.",
        models=(
            model(
                "Norrvale Bro",
                32,
                38,
                """A two-slice toaster that centres thin and thick bread by itself. A lift button raises small
                slices high enough to spare the fingers.""",
                "white, black, blue",
                slots="2 slices",
                levels="7 steps",
                power="900 W",
            ),
            model(
                "Hollbeck Longbread",
                49,
                57,
                """One long slot for sourdough and baguette halves, or two slices in a row. Defrosts straight from
                the freezer and keeps warm without browning further.""",
                "steel, cream",
                slots="1 long slot",
                levels="6 steps",
                power="1000 W",
                defrost="yes",
            ),
            model(
                "Kestrova Four",
                64,
                75,
                """A four-slice toaster with two separate controls, so that one half of the family can have it pale.
                Bagel mode toasts the cut side only.""",
                "steel, red",
                slots="4 slices",
                levels="9 steps",
                power="1600 W",
                defrost="yes",
            ),
        ),
        parts=(
            spare(
                "crumb tray",
                6,
                9,
                """The pull-out tray beneath the slots of the {model}. Dishwasher-proof, with the small catch that
                wears first.""",
                material="steel",
            ),
        ),
        accessories=(
            extra(
                "bun warmer",
                9,
                12,
                """A fold-flat wire rack that rests over the slots and warms rolls and croissants in the rising
                heat.""",
                material="chromed wire",
            ),
        ),
        plan="small",
    ),
    Family(
        key="scale",
        category="Kitchen helpers",
        type="kitchen scale",
        axis="colour",
        closing="It weighs up to {limit} in steps of {step}.",
        models=(
            model(
                "Norrvale Gram",
                17,
                21,
                """A flat glass scale that disappears behind the cutting board. Adds up ingredients one after
                another in the same bowl.""",
                "white, black",
                limit="5 kg",
                step="1 g",
                battery="2 × AAA",
            ),
            model(
                "Kestrova Barista",
                34,
                40,
                """A scale with timer for coffee, quick enough to follow the pour. The silicone mat keeps hot pots
                from marking it.""",
                "black",
                limit="2 kg",
                step="0.1 g",
                battery="USB-C rechargeable",
            ),
        ),
    ),
    Family(
        key="sandwich",
        category="Kitchen helpers",
        type="sandwich maker",
        axis="colour",
        closing="It makes {portions} at a time, is hot in {heat_up} and stands upright in the cupboard.",
        models=(
            model(
                "Hollbeck Melt",
                29,
                34,
                """Seals the edges, so that the cheese stays inside. The plates come out for the dishwasher.""",
                "black, red",
                portions="two sandwiches",
                heat_up="3 minutes",
                power="750 W",
            ),
            model(
                "Norrvale Vaffel",
                36,
                42,
                """A maker with exchangeable plates: sandwiches, waffles and a plain grill in one machine. A lamp
                shows when it is ready.""",
                "white, steel",
                portions="two sandwiches or two waffles",
                heat_up="4 minutes",
                power="800 W",
            ),
        ),
        plan="small",
    ),
    Family(
        key="eggcooker",
        category="Kitchen helpers",
        type="egg cooker",
        axis="colour",
        closing="It cooks {eggs} at a time and hums when they are done.",
        models=(
            model(
                "Norrvale Ovum",
                19,
                24,
                """Soft and hard eggs in the same round, thanks to two racks. The pricker is fixed to the measuring
                cup.""",
                "white, black",
                eggs="six eggs",
                power="350 W",
            ),
        ),
        plan="small",
    ),
)
