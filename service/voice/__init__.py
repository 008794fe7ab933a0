"""The voice process: live audio in, words and clips out, answers read out. It has no database and no keys to one."""
