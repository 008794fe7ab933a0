"""What a face says: finding it, judging the picture, reading it, pooling the pictures of one turn."""
