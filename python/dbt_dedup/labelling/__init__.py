"""Ask a person about pairs of records, those first from which a classifier learns most."""
