"""The main window and how the program starts."""
