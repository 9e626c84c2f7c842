"""The persons accompanied: identity, residence and its QPV answers."""
