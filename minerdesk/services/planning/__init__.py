"""From a book, the network and the prices of power to a plan of which rig runs when."""
