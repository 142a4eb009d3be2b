"""Learning from few pictures: features of a trained network, and what is trained on them."""
