"""Files and the clipboard into plain tables; the safety gate."""
