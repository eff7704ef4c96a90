"""Tables, cells, editors; they know a model, no record page."""
