"""What can go wrong in this room.

RecommenderError
├── EncoderError        the encoder's files are missing, damaged or not the ones expected
├── LearningError       a taste model is damaged, of another version, or its settings or interactions are impossible
└── FilterError         a filter is impossible: NaN or negative price, unknown category
"""


class RecommenderError(Exception):
    """Base of every error that this room raises."""

    code = "recommender_error"
    retryable = False


class EncoderError(RecommenderError):
    """The encoder cannot be used or made."""

    code = "encoder_unavailable"


class LearningError(RecommenderError, ValueError):
    """A taste model cannot be made or read."""

    code = "learning_invalid"


class FilterError(RecommenderError, ValueError):
    """A filter that no item could ever be compared with."""

    code = "filter_invalid"
