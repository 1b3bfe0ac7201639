"""Parts shared by all reports: blocks, pages, PDF, labels, numbers, translations."""
