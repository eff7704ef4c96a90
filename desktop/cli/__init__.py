"""The commands of the command line; no Qt but to start the window."""
