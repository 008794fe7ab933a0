"""Acted speech whose file names say everything: Emo-DB, RAVDESS and CREMA-D in their published layouts."""

import csv
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from emotion.errors import EvaluationError
from emotion.evaluation.corpora.item import (
    SOUND_ENDINGS,
    VIDEO_ENDINGS,
    Item,
    Kind,
    Listing,
    Skipped,
    files_under,
    listed,
)

_SIDE_FILES: Final = frozenset({".txt", ".csv", ".md", ".pdf", ".json", ".lab", ".laball", ".silb", ".html"})
"""Documentation and transcriptions that the corpora are published with: no clips, so not counted as left out."""


class _NotAClipError(Exception):
    """Why a file of the corpus is not scored."""


_EMODB_NAME: Final = re.compile(r"(\d{2})([a-z]\d{2})([A-Z])([a-z]?)")
_EMODB: Final = {
    "W": "anger",
    "L": "boredom",
    "E": "disgust",
    "A": "fear",
    "F": "happiness",
    "T": "sadness",
    "N": "neutral",
}
_EMODB_WOMEN: Final = frozenset({"08", "09", "13", "14", "16"})


def emodb(folder: Path) -> Listing:
    """Emo-DB: `03a01Wa.wav` is speaker 03, text a01, W (Wut, anger), take a.

    Source: F. Burkhardt et al. (2005), "A database of German emotional speech", Interspeech.
    """

    def read(path: Path) -> Item:
        match = _EMODB_NAME.fullmatch(path.stem)
        if match is None or match[3] not in _EMODB:
            raise _NotAClipError("name is not like 03a01Wa")
        sex = "female" if match[1] in _EMODB_WOMEN else "male"
        return Item(path, _EMODB[match[3]], speaker=match[1], groups={"sex": sex})

    return _list("emodb", folder, read, layout="files named like 03a01Wa.wav")


_RAVDESS: Final = {
    "01": "neutral",
    "02": "calm",
    "03": "happiness",
    "04": "sadness",
    "05": "anger",
    "06": "fear",
    "07": "disgust",
    "08": "surprise",
}


def ravdess(folder: Path) -> Listing:
    """RAVDESS: `03-01-05-01-02-01-12.wav` is modality (03: sound only), channel (01: speech), emotion, intensity
    (01 normal, 02 strong), statement, repetition and actor (odd: men); flat or in folders `Actor_XX`.

    Songs (channel 02) and videos are left out and counted.
    Source: S. R. Livingstone and F. A. Russo (2018), PLoS ONE 13(5).
    """

    def read(path: Path) -> Item:
        parts = path.stem.split("-")
        if len(parts) != 7 or not all(part.isdigit() and len(part) == 2 for part in parts):
            raise _NotAClipError("name is not like 03-01-05-01-02-01-12")
        modality, channel, emotion, intensity, _, _, actor = parts
        if modality == "02":
            raise _NotAClipError("video without sound")
        if channel != "01":
            raise _NotAClipError("song")
        if emotion not in _RAVDESS:
            raise _NotAClipError(f"emotion {emotion} is not one of 01 to 08")
        groups = {
            "sex": "male" if int(actor) % 2 else "female",
            "intensity": "strong" if intensity == "02" else "normal",
        }
        return Item(path, _RAVDESS[emotion], speaker=actor, groups=groups)

    return _list("ravdess", folder, read, layout="files named like 03-01-05-01-02-01-12.wav, flat or in Actor_XX")


_CREMA_NAME: Final = re.compile(r"(\d{4})_([A-Z]{3})_([A-Z]{3})_([A-Z]{2}|X)")
_CREMA: Final = {
    "ANG": "anger",
    "DIS": "disgust",
    "FEA": "fear",
    "HAP": "happiness",
    "NEU": "neutral",
    "SAD": "sadness",
}
_CREMA_LEVELS: Final = {"LO": "low", "MD": "medium", "HI": "high"}
_CREMA_PEOPLE: Final = "VideoDemographics.csv"


def crema_d(folder: Path) -> Listing:
    """CREMA-D: `1001_DFA_ANG_XX.wav` is actor, sentence, emotion and intensity (LO, MD, HI, XX: unspecified).

    The actors' sex is read from the corpus's own VideoDemographics.csv where it lies in or beside the folder.
    Source: H. Cao et al. (2014), IEEE Transactions on Affective Computing 5(4).
    """
    sexes = _crema_sexes(folder)

    def read(path: Path) -> Item:
        match = _CREMA_NAME.fullmatch(path.stem)
        if match is None or match[3] not in _CREMA:
            raise _NotAClipError("name is not like 1001_DFA_ANG_XX")
        groups = {"intensity": _CREMA_LEVELS.get(match[4], "unspecified")}
        if match[1] in sexes:
            groups["sex"] = sexes[match[1]]
        return Item(path, _CREMA[match[3]], speaker=match[1], groups=groups)

    return _list("crema-d", folder, read, layout="files named like 1001_DFA_ANG_XX.wav")


def _crema_sexes(folder: Path) -> dict[str, str]:
    for path in (folder / _CREMA_PEOPLE, folder.parent / _CREMA_PEOPLE):
        if path.is_file():
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file))
            if rows and not {"ActorID", "Sex"} <= set(rows[0]):
                raise EvaluationError(f"{path} has columns {', '.join(rows[0])}; expected ActorID and Sex among them.")
            return {row["ActorID"].strip(): row["Sex"].strip().lower() for row in rows}
    return {}


def _list(corpus: str, folder: Path, read: Callable[[Path], Item], *, layout: str) -> Listing:
    skipped, items = Skipped(), []
    for path in files_under(folder):
        name, ending = str(path.relative_to(folder)), path.suffix.lower()
        if ending in _SIDE_FILES:
            continue
        if ending in VIDEO_ENDINGS:
            skipped.add(name, "video")
        elif ending not in SOUND_ENDINGS:
            skipped.add(name, f"{ending or 'no ending'}: not a sound file")
        else:
            try:
                items.append(read(path))
            except _NotAClipError as why:
                skipped.add(name, str(why))
    return listed(corpus, Kind.SOUND, items, skipped, folder=folder, layout=layout)
