"""The example office."""
