"""One reader for each place that data come from; all give the same small `Sheet` of typed cells."""
