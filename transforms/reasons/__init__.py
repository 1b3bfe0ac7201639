"""The closed lists of reasons: why an object is refused, why something is in no statistic."""
