"""Smart home."""

from typing import Final

from shop.family import Family, extra, model, spare

SMART: Final = (
    Family(
        key="router",
        category="Smart home",
        type="wifi router",
        axis="pack",
        closing="It reaches {area} and has {ports}.",
        models=(
            model(
                "Ostrello Mesh",
                119,
                138,
                """Wireless network without dead corners. Set up in ten minutes without an account; the guest
                network has a code to scan.""",
                "1 unit, 2 units +90",
                area="120 m² per unit",
                ports="2 network ports",
                standard="Wi-Fi 6",
            ),
        ),
        plan="small",
    ),
    Family(
        key="plug",
        category="Smart home",
        type="smart plug",
        axis="pack",
        closing="It switches up to {load} and speaks {standard}.",
        models=(
            model(
                "Ostrello Switch",
                14,
                18,
                """A smart plug that measures what the tumble dryer really uses. Works by the button also when the
                internet is down.""",
                "1 piece, 3 pieces +22",
                load="3680 W",
                standard="Matter over Wi-Fi",
            ),
        ),
    ),
    Family(
        key="thermostat",
        category="Smart home",
        type="radiator thermostat",
        axis="pack",
        closing="It fits {fits} and runs for {battery_life}.",
        models=(
            model(
                "Ostrello Warm",
                49,
                58,
                """A radiator valve that notices an open window and closes. Plans by weekday; quiet enough for
                bedrooms.""",
                "1 piece, 4 pieces +120",
                fits="M30 valves, five adapters included",
                battery_life="two winters on two AA",
                standard="Zigbee",
            ),
        ),
    ),
    Family(
        key="camera",
        category="Smart home",
        type="security camera",
        axis="colour",
        closing="It sees {view} in {resolution} and stores {storage}.",
        models=(
            model(
                "Ostrello Eye",
                69,
                82,
                """An outdoor camera that tells people from cats. Recordings stay on a card at home; no
                subscription.""",
                "white, black",
                view="130 degrees",
                resolution="2K",
                storage="up to 128 GB on a card",
                power="cable or solar panel",
            ),
        ),
        accessories=(
            extra(
                "solar panel",
                32,
                39,
                """A small solar panel with three metres of cable that keeps outdoor cameras and doorbells charged
                from March to October.""",
                power="4 W",
            ),
        ),
        plan="small",
    ),
    Family(
        key="doorbell",
        category="Smart home",
        type="video doorbell",
        axis="colour",
        closing="It works by {power} and rings {rings}.",
        models=(
            model(
                "Ostrello Knock",
                99,
                116,
                """A doorbell with camera that shows the parcel on the mat as well. Answers can be spoken or picked.""",
                "black, silver",
                power="battery or existing wires",
                rings="a chime indoors and the phone",
                battery_life="5 months",
            ),
        ),
        parts=(
            spare(
                "doorbell battery",
                22,
                27,
                """Second battery for the {model}, charged in the kitchen while the first one works.""",
                battery_life="5 months",
            ),
        ),
        plan="small",
    ),
    Family(
        key="alarm",
        category="Smart home",
        type="smoke alarm",
        axis="pack",
        closing="It warns with {loud} and has a battery for {battery_life}.",
        models=(
            model(
                "Ostrello Guard",
                21,
                26,
                """A smoke alarm whose test button can be reached with a broomstick. No blinking at night.""",
                "1 piece, 3 pieces +34",
                loud="85 dB",
                battery_life="10 years",
            ),
        ),
    ),
    Family(
        key="leaksensor",
        category="Smart home",
        type="leak sensor",
        axis="pack",
        closing="It warns with {loud} and has a battery for {battery_life}.",
        models=(
            model(
                "Ostrello Leak",
                19,
                24,
                """A flat sensor beneath the washing machine or dishwasher that shrieks at the first drop and tells
                the phone.""",
                "1 piece, 3 pieces +30",
                loud="80 dB",
                battery_life="3 years",
                detects="water",
            ),
        ),
    ),
    Family(
        key="babymonitor",
        category="Smart home",
        type="baby monitor",
        axis="colour",
        closing="It sees in the dark, reaches {reach} and runs for {battery_life}.",
        models=(
            model(
                "Ostrello Nursery",
                79,
                94,
                """A baby monitor with its own screen, without app or internet. Shows the room's temperature and
                plays five lullabies.""",
                "white, mint",
                reach="300 metres",
                battery_life="14 hours",
                good_for="babies",
            ),
        ),
        plan="small",
    ),
    Family(
        key="weather",
        category="Smart home",
        type="weather station",
        axis="colour",
        closing="It reaches its sensor over {reach} and shows {shows}.",
        models=(
            model(
                "Ostrello Sky",
                44,
                52,
                """A weather station that shows inside, outside and the next twelve hours at a glance, large enough
                to read without glasses.""",
                "white, black",
                reach="80 metres",
                shows="temperature, humidity and pressure",
            ),
        ),
    ),
)
