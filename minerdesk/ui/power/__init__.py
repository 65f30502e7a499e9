"""The parts of the Power page: prices, bills, and the editor of a site's contract and rules."""
