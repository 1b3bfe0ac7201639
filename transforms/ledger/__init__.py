"""The ledger of received objects: balance, statements, receipts and explanations."""
