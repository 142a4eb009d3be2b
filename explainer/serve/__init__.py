"""A class at once: several servers and one pool of training workers behind one port, with nginx in front."""
