"""Readers of published corpora, each in the layout in which it is distributed."""

from emotion.evaluation.corpora.acted import crema_d, emodb, ravdess
from emotion.evaluation.corpora.faces import Faces, fer2013
from emotion.evaluation.corpora.folder import folder_corpus, label_of
from emotion.evaluation.corpora.item import Item, Kind, Listing, Skipped

__all__ = [
    "Faces",
    "Item",
    "Kind",
    "Listing",
    "Skipped",
    "crema_d",
    "emodb",
    "fer2013",
    "folder_corpus",
    "label_of",
    "ravdess",
]
