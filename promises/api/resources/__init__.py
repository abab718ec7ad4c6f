"""The resources, one a file: what a row looks like beside how its list is filtered and sorted."""
