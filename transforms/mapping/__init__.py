"""Hospital texts to procedures: rules as data, their check, work-lists, and what a change does."""
