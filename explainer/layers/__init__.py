"""What one layer computes: its sizes, parameters and operations."""
