"""Records on paper and in workbooks: rows in, file out, and files read back into rows. Never a connection."""
