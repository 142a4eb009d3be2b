"""A detector that is trained from nothing: one pass over a picture says for each of its cells what lies there."""
