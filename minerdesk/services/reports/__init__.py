"""Reports of a book and of the network, as text and as JSON."""

from minerdesk.services.reports.data import evaluate_data, network_data, report_data
from minerdesk.services.reports.text import holds, network_text, report_text

__all__ = ["evaluate_data", "holds", "network_data", "network_text", "report_data", "report_text"]
