"""The room's errors.

EmotionError
├── ModelError       a model is missing, damaged, or made for another encoder
├── FusionError      scores that cannot be fused
├── TrainingError    data that is missing or not what it should be
├── EvaluationError  a corpus or its scores cannot be measured
├── StateError       options of the customer state that contradict each other
├── RegisterError    the register of use cases is damaged, or something is not in it
├── FeedbackError    a correction that is none
└── PluginError      an installed package's scorer is not what a scorer must be
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


class PluginError(EmotionError):
    """A package's entry point of the group attune.scorers cannot be loaded, or gives something else than a scorer."""

    code = "emotion_plugin_invalid"


class StateError(EmotionError):
    """Options of the customer state are out of range, or name more states than a use case may have."""

    code = "emotion_state_options"


class RegisterError(EmotionError):
    """The register of use cases cannot be read, an entry breaks its rules, or a signal or state is not registered."""

    code = "emotion_register"


class FeedbackError(EmotionError):
    """A correction, or stored corrections, with values out of range."""

    code = "emotion_feedback"
