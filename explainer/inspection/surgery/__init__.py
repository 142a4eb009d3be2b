"""What becomes of a reader of digits when its filters and weights are changed, and when its digits are."""
