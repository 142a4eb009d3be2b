"""What the pages about single layers share, and the controls and the words of each."""
