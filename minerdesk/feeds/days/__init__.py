"""Sources of the network's past: daily values and retargets, asked in small steps."""
