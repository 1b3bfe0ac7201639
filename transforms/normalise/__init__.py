"""Units, codes, numbers, dates and keys of many vendors to one vocabulary; rows of a Table."""
