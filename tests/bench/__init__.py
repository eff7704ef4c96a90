"""Measurements against floors; not part of the test run."""
