"""The room's errors.

EmotionError
├── ModelError       a model is missing, damaged, or made for another encoder
├── FusionError      scores that cannot be fused
├── TrainingError    data that is missing or not what it should be
└── EvaluationError  a corpus or its scores cannot be measured
"""


class EmotionError(Exception):
    """Base of the room."""

    code = "emotion_error"
    retryable = False


class ModelError(EmotionError):
    """A model folder is missing a file, is damaged, or belongs to another encoder."""

    code = "emotion_model_invalid"


class FusionError(EmotionError):
    """Two scores of one modality, or none that may count."""

    code = "emotion_fusion_invalid"


class TrainingError(EmotionError):
    """Training or evaluation data is missing or not in its published shape."""

    code = "emotion_training_data"


class EvaluationError(EmotionError):
    """A corpus is missing, empty or not in its published layout, or scores and truth do not fit each other."""

    code = "emotion_evaluation_data"
