"""What the user sees: the command line and the window; the only package that may import Qt."""
