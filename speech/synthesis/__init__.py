"""Text read out: a reply becomes sentences, each sentence a sound."""
