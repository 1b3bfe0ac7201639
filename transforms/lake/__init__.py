"""The lake: where each file is kept, and how it is written so that no reader sees half of it."""
