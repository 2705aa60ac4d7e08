"""The steps of the pipeline. Each takes its work from the store and may be repeated at any time."""
