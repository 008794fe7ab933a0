"""Where the items of a catalogue are near to what: vectors in FAISS, shared by processes, changed while in use."""

from recommender.errors import EncoderChangedError, IndexFileError
from recommender.index.item_index import ItemIndex, Synced
from recommender.index.view import View

__all__ = ["EncoderChangedError", "IndexFileError", "ItemIndex", "Synced", "View"]
