"""What may not be in a report: the attributes, concepts and texts that identify a patient."""
