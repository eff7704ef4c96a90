"""The encrypted file, its schema and its log; the only connection."""
