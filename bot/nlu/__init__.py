"""NLU components: sentence features from a local ONNX encoder, and a check for foreign topics."""
