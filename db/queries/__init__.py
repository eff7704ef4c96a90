"""Named reads; they write nothing."""
