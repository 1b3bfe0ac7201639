"""The identity check: attributes, concepts and texts that must not be in a report."""
