"""Networks that put a picture through a few numbers and back, and deep networks that begin with such ones."""
