"""What happened to each received object: balance, statements, receipts, explanations."""
