"""What the network's history says: difficulty, hashrate, the hash ribbon, what mining costs."""
