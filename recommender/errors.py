"""What can go wrong in this room.

RecommenderError
├── EncoderError        the encoder's files are missing, damaged or not the ones expected
├── EncoderChangedError the index holds another encoder's vectors
├── IndexFileError      a stored file of the index is missing or damaged; it is made anew
├── VectorsMovedError   another process has put the vectors of texts in order; open them again
├── EvaluationError     there is nothing to measure on
├── LearningError       a taste model is damaged, of another version, or its settings or interactions are impossible
├── BanditError         settings or an outcome of the bandit are impossible
└── FilterError         a filter is impossible: NaN or negative price, unknown category
"""


class RecommenderError(Exception):
    """Base of every error that this room raises."""

    code = "recommender_error"
    retryable = False


class EncoderError(RecommenderError):
    """The encoder cannot be used or made."""

    code = "encoder_unavailable"


class EncoderChangedError(RecommenderError):
    """The stored vectors are another model's; they are never mixed with this one's."""

    code = "encoder_changed"


class IndexFileError(RecommenderError):
    """A stored file is missing, damaged, or of another format; it is made anew, never trusted."""

    code = "index_unusable"
    retryable = True


class VectorsMovedError(RecommenderError):
    """The files of vectors are not the ones that were opened; open the new ones and try again."""

    code = "vectors_moved"
    retryable = True


class EvaluationError(RecommenderError, ValueError):
    """A log cannot be measured on."""

    code = "evaluation_invalid"


class LearningError(RecommenderError, ValueError):
    """A taste model cannot be made or read."""

    code = "learning_invalid"


class CatalogueFileError(RecommenderError, ValueError):
    """A file to import cannot be read at all; a single bad row is no error but a rejected row."""

    code = "file_unreadable"


class MappingError(RecommenderError, ValueError):
    """A mapping names a field that items do not have, or a column that the file does not have."""

    code = "mapping_invalid"


class FilterError(RecommenderError, ValueError):
    """A filter that no item could ever be compared with."""

    code = "filter_invalid"


class BanditError(RecommenderError, ValueError):
    """Settings of the bandit, or something that it should learn from, cannot be."""

    code = "bandit_invalid"
