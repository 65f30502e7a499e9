"""Charts: pyqtgraph with the program's theme, words and manners."""
