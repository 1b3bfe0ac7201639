"""Reference data of data/reference: where the files are, and the methods and profiles in them."""
