"""What can go wrong in this room.

RecommenderError
├── EncoderError        the encoder's files are missing, damaged or not the ones expected
└── FilterError         a filter is impossible: NaN or negative price, unknown category
"""


class RecommenderError(Exception):
    """Base of every error that this room raises."""

    code = "recommender_error"
    retryable = False


class EncoderError(RecommenderError):
    """The encoder cannot be used or made."""

    code = "encoder_unavailable"


class FilterError(RecommenderError, ValueError):
    """A filter that no item could ever be compared with."""

    code = "filter_invalid"
