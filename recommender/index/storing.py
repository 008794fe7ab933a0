"""An index folder: what is read when it is opened, and what is written."""

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recommender.embedding.vectors import TextVectors
from recommender.errors import EncoderChangedError, IndexFileError
from recommender.index.base import Base, Built, open_base
from recommender.index.files import Meta, checked, read_meta, store_bytes, write_meta
from recommender.index.view import pack, unpack
from vocabulary import TextEncoder

log = logging.getLogger(__name__)


def meta_for(folder: Path, encoder: TextEncoder) -> Meta | None:
    """The meta file of this encoder's index; None if there is none, or it is damaged.

    Raises: EncoderChangedError if the index is another encoder's.
    """
    try:
        meta = read_meta(folder)
    except IndexFileError:
        log.warning("the index has no usable meta file; it is made anew from the catalogue")
        return None
    if meta is not None and (meta.encoder, meta.dimensions) != (encoder.version, encoder.dimensions):
        raise EncoderChangedError(
            f"the index in {folder} was made by {meta.encoder} ({meta.dimensions} numbers a vector); the encoder of "
            f"this installation is {encoder.version} ({encoder.dimensions}). Vectors of two models are never mixed. "
            "Embed the catalogue anew with `attune catalogue index --rebuild`, or set ATTUNE_ENCODER_MODEL back."
        )
    return meta


def read_items(folder: Path, meta: Meta, vectors: TextVectors) -> tuple[list[str], NDArray[np.int64]]:
    """Ids and rows of the items that were saved; none, with a warning, if their file is damaged."""
    try:
        ids, rows = unpack(checked(folder, meta.items).read_bytes())
        if len(rows) and not 0 <= rows.min() <= rows.max() < len(vectors):
            raise IndexFileError(f"{meta.items.name} names vectors that are not in {folder}.")
    except (IndexFileError, OSError):
        log.warning("the stored list of items is unusable; items are taken from the catalogue again")
        return [], np.empty(0, dtype=np.int64)
    return ids, rows


def read_base(folder: Path, meta: Meta, vectors: TextVectors) -> Base | None:
    """The base; None, with a warning, if it is damaged: it is built again from the vectors."""
    if meta.base is None or meta.rows is None:
        return None
    try:
        base = open_base(folder, Built(meta.base, meta.rows, meta.tuning))
        if len(base.rows) and not 0 <= base.rows[0] <= base.rows[-1] < len(vectors):
            raise IndexFileError(f"{meta.rows.name} names vectors that are not in {folder}.")
    except (IndexFileError, OSError):
        log.warning("the stored base of the index is unusable; it is built again")
        return None
    return base


def write_items(
    folder: Path,
    encoder: TextEncoder,
    vectors: TextVectors,
    ids: Sequence[str | None],
    rows: NDArray[np.int64],
    built: Built | None,
    *,
    stamp: int,
    version: int | None,
) -> Meta:
    """Make these items and this base what the folder holds. Only under the writer's lock."""
    meta = Meta(
        encoder=encoder.version,
        dimensions=encoder.dimensions,
        stamp=stamp,
        version=version,
        generation=vectors.generation,
        items=store_bytes(folder, "items", pack(ids, rows)),
        base=None if built is None else built.stored,
        rows=None if built is None else built.rows,
        tuning=None if built is None else built.tuning,
    )
    write_meta(folder, meta, vectors.stem)
    return meta
