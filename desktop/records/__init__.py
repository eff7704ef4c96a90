"""List and form of any record, from its declaration."""
