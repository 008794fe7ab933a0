"""Personal care."""

from typing import Final

from shop.family import Family, extra, model, spare

CARE: Final = (
    Family(
        key="hairdryer",
        category="Personal care",
        type="hair dryer",
        axis="colour",
        closing="It blows with {power} in {levels} and weighs {weight}.",
        models=(
            model(
                "Aurelle Breeze",
                34,
                41,
                """A hair dryer with ions against flying hair and a cold key that needs no strong thumb. Two nozzles
                that hold.""",
                "white, violet",
                power="2100 W",
                levels="6 combinations",
                weight="510 g",
            ),
            model(
                "Aurelle Silent",
                129,
                149,
                """A light, fast hair dryer with digital motor. One can talk beside it, and the heat never goes
                above what hair bears.""",
                "black, rose",
                power="1500 W",
                levels="9 combinations",
                weight="380 g",
                noise="quiet",
            ),
        ),
        accessories=(
            extra(
                "diffuser",
                12,
                16,
                """A deep diffuser with long fingers for curls. Its collar fits round nozzles from 43 to 50 mm.""",
                diameter="17 cm",
            ),
        ),
        plan="small",
    ),
    Family(
        key="toothbrush",
        category="Personal care",
        type="electric toothbrush",
        axis="colour",
        closing="It cleans for {battery_life} on one charge and has {modes}.",
        models=(
            model(
                "Aurelle Sonic",
                59,
                69,
                """A sonic toothbrush that pulses when it is time for the next quarter and slows down when pressed
                too hard.""",
                "white, black",
                battery_life="4 weeks",
                modes="3 modes",
            ),
            model(
                "Aurelle Milk",
                29,
                35,
                """A children's toothbrush with a soft small head and a song of two minutes.""",
                "mint, coral",
                battery_life="3 weeks",
                modes="1 mode",
                good_for="children",
            ),
        ),
        parts=(
            spare(
                "brush heads",
                14,
                18,
                """Brush heads for the {model} with bristles that fade when it is time for the next.""",
                content="4 pieces",
            ),
        ),
        plan="small",
    ),
    Family(
        key="shaver",
        category="Personal care",
        type="shaver",
        axis="colour",
        closing="It shaves for {runtime}, charges in {charging} and is {water}.",
        models=(
            model(
                "Aurelle Edge",
                79,
                92,
                """A foil shaver for dry and wet, with a trimmer that can be pushed out by the thumb. Gentle on the
                neck.""",
                "black, blue",
                runtime="60 minutes",
                charging="an hour",
                water="waterproof",
            ),
        ),
        parts=(
            spare(
                "shaving foil",
                24,
                29,
                """Foil and cutter block for the {model}. After eighteen months it shaves like new again.""",
                change_every="18 months",
            ),
        ),
        plan="small",
    ),
    Family(
        key="bathscale",
        category="Personal care",
        type="bathroom scale",
        axis="colour",
        closing="It carries {limit} and shows {steps}.",
        models=(
            model(
                "Aurelle Step",
                24,
                29,
                """A plain scale with large digits that keeps its knowledge to itself: no app, no account.""",
                "white, black",
                limit="180 kg",
                steps="100 g",
                battery="4 × AAA",
            ),
        ),
    ),
    Family(
        key="massager",
        category="Personal care",
        type="heating pad",
        axis="colour",
        closing="It reaches {heat} in {heat_up} and switches off after {switch_off}.",
        models=(
            model(
                "Aurelle Cosy",
                32,
                39,
                """A soft heating pad for neck and back that lies on the shoulders by its own weight. The cover is
                washable.""",
                "grey, berry",
                heat="60 °C",
                heat_up="ten minutes",
                switch_off="90 minutes",
                power="100 W",
            ),
        ),
        plan="small",
    ),
    Family(
        key="blanket",
        category="Personal care",
        type="heated blanket",
        axis="size",
        closing="It has {levels} and switches off after {switch_off}.",
        models=(
            model(
                "Aurelle Nest",
                49,
                58,
                """A heated blanket of fleece for the sofa that costs two cents an evening. The controller comes off
                for the washing machine.""",
                "130 × 180 cm, 160 × 200 cm +20",
                levels="6 levels",
                switch_off="three hours",
                power="120 W",
            ),
        ),
        plan="small",
    ),
)
