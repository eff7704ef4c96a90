"""Rows of somebody's workbook: parsed, matched, written."""
