"""The network's past: daily values from sources and files, joined, with their doubts told."""
