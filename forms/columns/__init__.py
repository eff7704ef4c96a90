"""Which column is which, and the rows below."""
