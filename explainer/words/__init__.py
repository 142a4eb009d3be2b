"""The book of words: what the app says, as a key and its values, and as text in any of its languages."""
