"""Everything that stands on Pipecat, and nothing else does: transports, processors, one pipeline for each call."""
