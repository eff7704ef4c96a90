"""What command line and window both do; no Qt widgets."""
