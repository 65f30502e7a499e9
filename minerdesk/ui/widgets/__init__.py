"""Small widgets every page may use."""
