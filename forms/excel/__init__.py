"""Workbooks out: export, import templates, refused rows."""
