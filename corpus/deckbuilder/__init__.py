"""Builds the demonstration decks from the sources in `corpus/sources`.

The modules follow a deck on its way: `facts` and `source` read and check, `coverage` counts, `fit` measures text,
`template` and the layout modules draw, `package` writes a PPTX that is the same in every run, `pdf` and `scan` make the
other rendition, `sidecar` writes the metadata that ingestion reads. Nothing here knows the knowledge base itself.
"""
