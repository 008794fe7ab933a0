"""Coffee machines, with what wears and what is used up."""

from typing import Final

from shop.family import Family, extra, model, spare

COFFEE: Final = (
    Family(
        key="filtercoffee",
        category="Coffee machines",
        type="filter coffee machine",
        axis="colour",
        closing="It brews up to {cups} at about 94 degrees and switches off after {switch_off}.",
        models=(
            model(
                "Norrvale Morgon",
                54,
                62,
                """A plain filter machine that does one thing well: hot enough water, spread evenly over the
                grounds. The tank lifts off and fits under the tap.""",
                "white, black",
                cups="10 cups",
                switch_off="40 minutes",
                power="1000 W",
            ),
            model(
                "Brunnholt Thermo",
                89,
                104,
                """Brews straight into a steel thermos jug, so the coffee is still hot at eleven without stewing on
                a plate. A timer starts it before you are up.""",
                "steel, black",
                cups="8 cups",
                switch_off="at the end of brewing",
                power="1100 W",
                timer="24 hours",
            ),
        ),
        parts=(
            spare(
                "carafe",
                17,
                24,
                """The jug of the {model} with its lid and the printed cup scale. Fits under the drip stop; the
                handle is screwed, not glued.""",
                material="glass or steel, as delivered with the machine",
            ),
            spare(
                "filter basket",
                9,
                12,
                """The swing-out holder for paper filters of the {model}, complete with the spring of the drip stop.""",
                paper="size 4",
            ),
        ),
        accessories=(
            extra(
                "paper filters",
                4,
                5,
                """Unbleached paper filters with a double seam that does not burst. They need no rinsing beforehand.""",
                content="100 pieces",
                paper="size 4",
            ),
        ),
        plan="small",
    ),
    Family(
        key="espresso",
        category="Coffee machines",
        type="espresso machine",
        axis="colour",
        closing="The pump reaches {pressure}, the tank holds {tank}, and it is ready in {heat_up}.",
        models=(
            model(
                "Veltrano Uno",
                139,
                159,
                """A narrow espresso machine for a first kitchen, with a steam wand that turns milk into foam
                without a course. Takes ground coffee and paper pods.""",
                "black, red, cream",
                pressure="15 bar",
                tank="1.1 litres",
                heat_up="40 seconds",
                width="15 cm",
            ),
            model(
                "Veltrano Doppio",
                329,
                369,
                """Two thermoblocks, so that milk and coffee are made at the same time. A gauge on the front shows
                whether the grind is right.""",
                "steel",
                pressure="15 bar",
                tank="2 litres",
                heat_up="35 seconds",
                width="28 cm",
            ),
            model(
                "Kestrova Bean",
                429,
                489,
                """A fully automatic machine that grinds for every cup. Six drinks on the display, two cups at once,
                and a brewing group that comes out for rinsing under the tap.""",
                "black, silver",
                pressure="15 bar",
                tank="1.8 litres",
                heat_up="30 seconds",
                grinder="conical, 12 steps",
            ),
        ),
        parts=(
            spare(
                "brewing seal",
                8,
                12,
                """The silicone ring between brewing head and filter holder of the {model}. When coffee runs down
                the outside of the holder, this is what has hardened.""",
                material="food-grade silicone",
            ),
            spare(
                "water tank",
                24,
                32,
                """Complete water tank with valve for the {model}. Cures most drips under the machine.""",
                material="BPA-free plastic",
            ),
        ),
        accessories=(
            extra(
                "milk jug",
                12,
                16,
                """A steel jug with a fine spout for pouring patterns and a scale inside. Cold steel is what makes
                foam dense.""",
                capacity="350 ml",
            ),
            extra(
                "cleaning tablets",
                9,
                11,
                """Tablets that dissolve coffee fat in the brewing group. One a month keeps espresso from tasting
                bitter.""",
                content="20 tablets",
            ),
        ),
        plan="medium",
    ),
    Family(
        key="grinder",
        category="Coffee machines",
        type="coffee grinder",
        axis="colour",
        closing="It grinds in {steps} and holds {beans} of beans.",
        models=(
            model(
                "Kestrova Mill",
                89,
                104,
                """A grinder with conical burrs that stay cool, so the coffee smells in the cup and not in the
                kitchen. Doses by time, for filter as well as espresso.""",
                "black, steel",
                steps="31 steps",
                beans="250 g",
                power="130 W",
            ),
            model(
                "Norrvale Kvarn",
                34,
                40,
                """A hand mill with steel burrs for two cups, quiet enough for a tent at dawn.""",
                "steel",
                steps="18 steps",
                beans="30 g",
                use="travel",
                noise="quiet",
                replaces="Mill",
            ),
        ),
        plan="small",
    ),
    Family(
        key="frother",
        category="Coffee machines",
        type="milk frother",
        axis="colour",
        closing="It froths {froth} and heats {warm} without boiling over.",
        models=(
            model(
                "Veltrano Cloud",
                44,
                52,
                """Cold foam, warm foam or hot chocolate from one jug that goes into the dishwasher. Stops by itself
                and does not spit.""",
                "white, black, red",
                froth="250 ml",
                warm="500 ml",
                power="500 W",
            ),
        ),
        plan="small",
    ),
)
