"""The law: register, local packs, checks, verdicts."""
