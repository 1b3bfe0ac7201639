"""Each facility's own feedback."""
