"""A walk over every page, tab and dialog at every size: nothing cut, over each other, out of reach or half empty."""
