"""From a file to passages in the catalogue, and from the catalogue to an index."""
