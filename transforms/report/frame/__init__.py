"""What every report shares: blocks, pages, PDF, labels, numbers, translations."""
