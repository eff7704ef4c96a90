"""The screens that no declaration can make: overview, findings, reports, import, history, settings."""
