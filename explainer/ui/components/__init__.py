"""Browser components that pages share."""
