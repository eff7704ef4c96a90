"""Tables of another shape into lists."""
