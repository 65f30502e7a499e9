"""Everything Qt: main window, pages, models, charts, dialogs, theme."""
