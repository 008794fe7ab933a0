"""What a voice says about how its speaker feels, words unheard."""
