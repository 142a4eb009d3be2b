"""What stands around every page: its menu, its shape, what a visitor has made, the server."""
