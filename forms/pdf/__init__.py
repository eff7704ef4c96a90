"""Typesetting to GB/T 9704; knows nothing of ours."""
