"""The first start: a guided entry in three steps, or a sample book."""
