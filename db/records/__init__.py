"""What a record is: values, declarations, what a person's number says."""
