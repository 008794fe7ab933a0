"""What the synthesisers read: sentences of customers, written for this project, in the two languages of the data."""

from typing import Final

ENGLISH: Final = (
    "Where is my order? I have been waiting since Monday.",
    "My order number is four one seven, and nothing has come.",
    "The kettle leaks at the bottom when I fill it to the line.",
    "I would like to send this back and have my money returned.",
    "Could you tell me whether the blue one is still in stock?",
    "No, that is not what I asked. Please listen.",
    "Thank you, that was quick and it works again.",
    "I am looking for a quiet vacuum cleaner under two hundred euros.",
    "The parcel was left in the rain and the box is soaked.",
    "Can I speak to a person, please?",
    "I paid twice for the same thing, and I do not see why.",
    "It arrived today, but the lid is missing.",
    "How long does the guarantee last if I register it now?",
    "My address has changed since the last time I bought something.",
    "Which of these two uses less power?",
    "The display shows an error and then everything goes dark.",
    "I would rather have a voucher than wait another week.",
    "Please cancel it before it leaves the warehouse.",
    "That sounds fine, go ahead and book the repair.",
    "I have read the instructions three times and it still does not start.",
)
GERMAN: Final = (
    "Wo bleibt meine Bestellung? Ich warte seit einer Woche.",
    "Der Wasserkocher tropft, sobald ich ihn bis zum Strich fülle.",
    "Ich möchte das Gerät zurückgeben und mein Geld wiederhaben.",
    "Haben Sie den Staubsauger auch in Grau auf Lager?",
    "Nein, das habe ich nicht gefragt. Bitte hören Sie zu.",
    "Vielen Dank, jetzt läuft alles wieder wie vorher.",
    "Das Paket lag im Regen, und der Karton ist ganz nass.",
    "Kann ich bitte mit einem Menschen sprechen?",
    "Ich habe zweimal bezahlt und verstehe nicht, warum.",
    "Die Lampe ist heute gekommen, aber das Kabel fehlt.",
    "Wie lange gilt die Garantie, wenn ich mich anmelde?",
    "Meine Adresse hat sich seit dem letzten Einkauf geändert.",
)
