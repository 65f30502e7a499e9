"""Use cases, free of Qt."""
