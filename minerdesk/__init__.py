"""minerdesk: which of my mining machines should run, and what is that worth?"""

__version__ = "0.1.0"
