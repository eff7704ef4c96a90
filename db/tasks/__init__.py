"""What a person does, each one operation."""
