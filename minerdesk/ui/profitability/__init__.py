"""Parts of the Profitability page."""
