"""Where the fleet stands: against the network's cost, against buying, at other prices."""
