"""A nation of twelve facilities whose levels follow from plain numbers, one fault per procedure."""
