"""What the app shows and trains on: digit data sets, drawings, pictures."""
