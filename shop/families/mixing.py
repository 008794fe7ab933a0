"""Blenders, mixers and juicers."""

from typing import Final

from shop.family import Family, extra, model, spare

MIXING: Final = (
    Family(
        key="blender",
        category="Blenders and mixers",
        type="blender",
        axis="colour",
        closing="The motor gives {power}; the jar holds {capacity} and goes into the dishwasher.",
        models=(
            model(
                "Hollbeck Whirl",
                59,
                68,
                """A jar blender for smoothies, soup and crushed ice, with six blades and a pulse button that is
                easy to hit with wet hands.""",
                "black, white, red",
                power="800 W",
                capacity="1.5 litres",
                ice="crushes ice",
            ),
            model(
                "Pellworth Twist",
                29,
                35,
                """A personal blender: fill the bottle, twist it on, drink from it. Two bottles with lids are in the
                box.""",
                "white, mint, coral",
                power="350 W",
                capacity="0.6 litres",
                use="to go",
            ),
            model(
                "Kestrova Vortex",
                149,
                172,
                """A strong blender with a heat-proof jar that makes nut butter and hot soup from cold vegetables.
                The quiet hood takes off the sharp edge of the noise.""",
                "black, steel",
                power="1600 W",
                capacity="2 litres",
                noise="quiet hood",
            ),
        ),
        parts=(
            spare(
                "blade set",
                13,
                19,
                """The blade unit with bearing and seal for the {model}. Worth changing when the jar leaks below or
                the motor hums without turning.""",
                material="hardened steel",
            ),
        ),
        plan="small",
    ),
    Family(
        key="handblender",
        category="Blenders and mixers",
        type="hand blender",
        axis="colour",
        closing="It runs with {power} in {speeds} and weighs {weight}.",
        models=(
            model(
                "Norrvale Stav",
                27,
                32,
                """A slim stick blender whose foot comes off with one click. The bell is shaped so that soup stays
                in the pot.""",
                "white, black",
                power="600 W",
                speeds="2 speeds",
                weight="650 g",
            ),
            model(
                "Hollbeck Trio",
                44,
                52,
                """Stick, whisk and chopper in one set. Speed follows the pressure of the thumb, from egg white to
                frozen berries.""",
                "black, steel",
                power="900 W",
                speeds="a stepless trigger",
                weight="780 g",
            ),
        ),
        accessories=(
            extra(
                "mixing beaker",
                6,
                8,
                """A tall beaker with a wide foot and a lid, so that what was blended can be kept. The scale goes up
                to 800 ml.""",
                capacity="0.8 litres",
            ),
        ),
        plan="small",
    ),
    Family(
        key="standmixer",
        category="Blenders and mixers",
        type="stand mixer",
        axis="colour",
        closing="The bowl takes {bowl}, the motor has {power}, and all three tools are dishwasher-proof.",
        models=(
            model(
                "Hollbeck Baker",
                179,
                209,
                """A kneading machine with a metal gear that does not give in to two kilos of bread dough. The head
                tilts back and locks.""",
                "cream, red, grey",
                bowl="4.8 litres",
                power="1000 W",
            ),
            model(
                "Norrvale Deg",
                119,
                136,
                """A light mixer for cakes and weekend bread that can be lifted with one hand into the cupboard. The
                splash guard has a funnel for flour.""",
                "white, sage",
                bowl="3.5 litres",
                power="700 W",
                replaces="Baker",
            ),
        ),
        parts=(
            spare(
                "mixing bowl",
                29,
                37,
                """An additional steel bowl with handle for the {model}, so that cream can wait while the dough is
                kneaded.""",
                material="brushed steel",
            ),
        ),
        accessories=(
            extra(
                "pasta roller",
                49,
                58,
                """A roller with nine thicknesses for the front drive, from lasagne sheets down to noodles that can
                be read through.""",
                width="14 cm",
            ),
        ),
        plan="medium",
    ),
    Family(
        key="juicer",
        category="Blenders and mixers",
        type="juicer",
        axis="colour",
        closing="It works at {speed}, draws {power} and comes apart into {pieces} for rinsing.",
        models=(
            model(
                "Pellworth Slow",
                109,
                126,
                """A slow juicer that presses instead of shredding: hardly any foam, and the pulp comes out nearly
                dry. Takes whole apples.""",
                "white, graphite",
                speed="50 turns a minute",
                power="200 W",
                pieces="six pieces",
                noise="quiet",
            ),
            model(
                "Hollbeck Citra",
                24,
                29,
                """A citrus press with two cones, for limes and for grapefruit. It starts when pressed and the spout
                can be tipped up against drips.""",
                "steel, yellow",
                speed="100 turns a minute",
                power="60 W",
                pieces="four pieces",
            ),
        ),
        plan="small",
    ),
    Family(
        key="processor",
        category="Blenders and mixers",
        type="food processor",
        axis="colour",
        closing="The bowl takes {bowl}, the motor has {power}, and the blades are kept in a drawer of the stand.",
        models=(
            model(
                "Hollbeck Slice",
                99,
                116,
                """Slices, grates and kneads, with a feed wide enough for a whole potato. All discs have a number,
                so that the second pancake recipe works as well.""",
                "white, steel",
                bowl="2.3 litres",
                power="900 W",
            ),
            model(
                "Norrvale Hack",
                34,
                40,
                """A mini chopper for onions, herbs and pesto. One press, no tears.""",
                "white, mint",
                bowl="0.5 litres",
                power="400 W",
            ),
        ),
        plan="small",
    ),
)
