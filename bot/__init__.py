"""Attune's Rasa extensions: channel, gate policy, encrypted tracker store, sentence features.

Imports Rasa, the standard library and cryptography only (the encoder also onnxruntime and tokenizers),
so that any Rasa 3.6 bot can use them: installed from the wheel the package is called `attune_rasa`.
"""
