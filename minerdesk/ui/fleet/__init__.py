"""The parts of the Fleet page: rows, columns, the table, the tree of sites, edits and dialogs."""
