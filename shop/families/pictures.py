"""Televisions and projectors."""

from typing import Final

from shop.family import Family, extra, model, spare

PICTURES: Final = (
    Family(
        key="tv",
        category="Televisions",
        type="television",
        axis="screen size",
        closing="It shows {resolution} at {refresh}, has {ports} and energy class {energy_class}.",
        models=(
            model(
                "Lumbray Canvas",
                329,
                369,
                """A television for living rooms with windows: the matt panel does not mirror the lamp. Starts on
                the last channel, without advertising on the home page.""",
                "43 inch, 50 inch +80, 55 inch +140",
                resolution="4K",
                refresh="60 Hz",
                ports="3 HDMI",
                energy_class="F",
                panel="LED",
            ),
            model(
                "Lumbray Noir",
                899,
                989,
                """An OLED television with black that is really black, made for films in the dark. Sound comes out
                of the screen itself.""",
                "55 inch, 65 inch +400",
                resolution="4K",
                refresh="120 Hz",
                ports="4 HDMI",
                energy_class="G",
                panel="OLED",
                good_for="films and games",
            ),
            model(
                "Ostrello View",
                179,
                209,
                """A small smart television for kitchen and bedroom. Has a headphone socket, a rare thing by now.""",
                "24 inch, 32 inch +40",
                resolution="HD",
                refresh="60 Hz",
                ports="2 HDMI",
                energy_class="E",
                panel="LED",
            ),
        ),
        parts=(
            spare(
                "TV remote control",
                16,
                21,
                """The original remote control for the {model}, with all its keys and the voice button. Works
                without pairing.""",
                battery="2 × AAA",
            ),
            spare(
                "TV stand feet",
                24,
                30,
                """A pair of feet with screws for the {model}, lost at many a move.""",
                content="2 feet, 4 screws",
            ),
        ),
        accessories=(
            extra(
                "TV wall mount",
                34,
                42,
                """A flat wall mount that tilts by ten degrees, with spirit level and screws for concrete and wood.""",
                fits="32 to 65 inch",
                load="40 kg",
            ),
        ),
        plan="large",
    ),
    Family(
        key="projector",
        category="Televisions",
        type="projector",
        axis="colour",
        closing="It throws {picture} from {distance} and lasts for {lamp_life}.",
        models=(
            model(
                "Lumbray Beam",
                349,
                389,
                """A small projector that finds the wall and straightens the picture by itself. With battery for a
                film in the garden.""",
                "white, black",
                picture="up to 100 inch",
                distance="2.5 metres",
                lamp_life="30,000 hours",
                resolution="Full HD",
                battery="2.5 hours",
            ),
        ),
        accessories=(
            extra(
                "projector screen",
                69,
                79,
                """A roll-up screen on a tripod that stands in two minutes. The back is black, so nothing shines
                through.""",
                size="100 inch",
            ),
        ),
        plan="medium",
    ),
    Family(
        key="photoframe",
        category="Televisions",
        type="digital photo frame",
        axis="size",
        closing="It shows {resolution} and stores {storage}.",
        models=(
            model(
                "Lumbray Album",
                89,
                104,
                """A frame to which the family sends pictures from far away. Dims with the room and sleeps at night.""",
                "8 inch, 10 inch +30",
                resolution="1280 × 800 dots",
                storage="30,000 pictures",
                good_for="grandparents",
            ),
        ),
        plan="small",
    ),
)
