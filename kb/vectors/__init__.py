"""Vectors: the index that searches them and the cache that keeps them from being encoded twice."""
