"""Worker processes that do jobs on all cores and survive a job that crashes."""
