"""One package per page. Pages know neither each other nor the main window."""
