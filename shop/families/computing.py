"""Laptops, tablets, printers and drives."""

from typing import Final

from shop.family import Family, extra, model, spare

COMPUTING: Final = (
    Family(
        key="laptop",
        category="Laptops and tablets",
        type="laptop",
        axis="memory",
        closing="It has {screen}, {storage} and lasts for {battery_life}; weight {weight}.",
        models=(
            model(
                "Fennick Fold 14",
                749,
                829,
                """A laptop for every day with a keyboard that can be heard only by its owner. Memory and battery
                can be changed with one screwdriver.""",
                "16 GB, 32 GB +130",
                screen="a 14 inch matt screen",
                storage="512 GB",
                battery_life="13 hours",
                weight="1.3 kg",
            ),
            model(
                "Fennick Desk 16",
                1099,
                1199,
                """A large screen and a fast graphics chip for pictures, films and games. The fans start late.""",
                "16 GB, 32 GB +150",
                screen="a 16 inch screen at 165 Hz",
                storage="1 TB",
                battery_life="8 hours",
                weight="2.1 kg",
                good_for="games and video",
            ),
            model(
                "Fennick School 11",
                299,
                339,
                """A sturdy small laptop for school bags, with rubber corners and a keyboard that survives a spilt
                drink.""",
                "8 GB",
                screen="an 11.6 inch touch screen",
                storage="128 GB",
                battery_life="12 hours",
                weight="1.2 kg",
                good_for="school",
            ),
        ),
        parts=(
            spare(
                "laptop battery",
                69,
                84,
                """Replacement battery for the {model} with screws. The laptop knows its health and shows it.""",
                capacity="original capacity",
            ),
            spare(
                "laptop charger",
                39,
                48,
                """USB-C charger for the {model}, as it lay in the box.""",
                power="65 W or 140 W",
            ),
        ),
        accessories=(
            extra(
                "laptop sleeve",
                24,
                30,
                """A felt sleeve with leather flap and a flat pocket for the charger.""",
                size="up to 16 inch",
            ),
            extra(
                "USB-C dock",
                79,
                92,
                """One cable for screen, mouse, network and power. Holds two screens at 60 Hz.""",
                ports="2 HDMI, 3 USB-A, network",
            ),
        ),
        plan="large",
    ),
    Family(
        key="tablet",
        category="Laptops and tablets",
        type="tablet",
        axis="storage",
        closing="The screen measures {screen}, the battery lasts for {battery_life}, and it weighs {weight}.",
        models=(
            model(
                "Fennick Slate 10",
                219,
                249,
                """A tablet for recipes, films and video calls with grandparents. Stands on its own foot.""",
                "64 GB, 128 GB +50",
                screen="10.4 inch",
                battery_life="12 hours",
                weight="465 g",
            ),
        ),
        parts=(spare("tablet charger", 17, 22, """Charger with cable for the {model}.""", power="20 W"),),
        accessories=(
            extra(
                "tablet case",
                22,
                27,
                """A folding case that stands upright in two angles and wakes the screen when opened.""",
                size="10.4 inch",
            ),
            extra(
                "stylus",
                34,
                42,
                """A pen with soft tip for notes and drawing, charged by USB-C in ten minutes.""",
                battery_life="10 hours",
            ),
        ),
        plan="medium",
    ),
    Family(
        key="printer",
        category="Laptops and tablets",
        type="printer",
        axis="colour",
        closing="It prints {speed} and scans on both sides.",
        models=(
            model(
                "Fennick Tank",
                189,
                219,
                """A printer with tanks instead of cartridges: the ink in the box lasts for two years of homework.""",
                "white, black",
                speed="15 pages a minute",
                connection="Wi-Fi and USB",
            ),
        ),
        parts=(
            spare(
                "ink bottles",
                29,
                36,
                """Four ink bottles for the {model} that only fit the right tank.""",
                content="black, cyan, magenta, yellow",
            ),
        ),
        plan="medium",
    ),
    Family(
        key="memory",
        category="Cables and power",
        type="external drive",
        axis="storage",
        closing="It reads {speed} and is {housing}.",
        models=(
            model(
                "Fennick Vault",
                69,
                82,
                """A pocket drive for backups and moving house, with encryption by password. No spinning parts, no
                sound.""",
                "1 TB, 2 TB +50",
                speed="1000 MB/s",
                housing="dust- and splash-proof",
            ),
        ),
    ),
    Family(
        key="monitor",
        category="Laptops and tablets",
        type="monitor",
        axis="screen size",
        closing="It shows {resolution} at {refresh} and charges a laptop with {charges}.",
        models=(
            model(
                "Fennick Pane",
                199,
                229,
                """A monitor that turns upright and moves up to eye level. One USB-C cable is picture, power and
                mouse at once.""",
                "24 inch, 27 inch +70",
                resolution="2560 × 1440 dots",
                refresh="75 Hz",
                charges="65 W",
            ),
        ),
        plan="medium",
    ),
    Family(
        key="keyboard",
        category="Laptops and tablets",
        type="keyboard",
        axis="layout",
        closing="It connects by {connection} and runs for {battery_life}.",
        models=(
            model(
                "Fennick Keys",
                49,
                58,
                """A quiet wireless keyboard with a number pad and keys that are slightly hollow. Changes among
                three devices.""",
                "German layout, English layout",
                connection="Bluetooth or receiver",
                battery_life="two years on two AAA",
                noise="quiet",
            ),
        ),
    ),
    Family(
        key="mouse",
        category="Laptops and tablets",
        type="mouse",
        axis="colour",
        closing="It scans with {dots} and runs for {battery_life}.",
        models=(
            model(
                "Fennick Rest",
                34,
                41,
                """An upright mouse that lets the forearm lie the way it likes to. For right hands; the buttons
                hardly click.""",
                "graphite, white",
                dots="4000 dpi",
                battery_life="four months",
                good_for="aching wrists",
                noise="quiet",
            ),
        ),
    ),
    Family(
        key="webcam",
        category="Laptops and tablets",
        type="webcam",
        axis="colour",
        closing="It films in {resolution} with {view}.",
        models=(
            model(
                "Fennick Gaze",
                54,
                63,
                """A webcam with a lid that really shuts, and a microphone that leaves the keyboard out.""",
                "black",
                resolution="Full HD at 60 pictures",
                view="78 degrees",
                connection="USB-C",
            ),
        ),
    ),
    Family(
        key="ereader",
        category="Laptops and tablets",
        type="e-reader",
        axis="storage",
        closing="It has {screen} and reads for {battery_life}.",
        models=(
            model(
                "Fennick Page",
                109,
                126,
                """An e-book reader with paper-like screen and warm light, which also takes library loans. May fall
                into the bath.""",
                "16 GB, 32 GB +30",
                screen="a 7 inch screen",
                battery_life="six weeks",
                water="waterproof",
            ),
        ),
        plan="small",
    ),
)
