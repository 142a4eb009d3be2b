"""The views of the page "Feature maps" that change a network, or its digits, and count what it still reads."""
