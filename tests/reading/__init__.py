"""What offices have, made up with known answers: chains and workbooks of every kind, as many as asked for."""
