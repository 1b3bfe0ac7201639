"""Worker processes that run jobs on all cores; a crashing job does not stop the others."""
