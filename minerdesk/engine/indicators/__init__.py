"""Readings of the network from its history: means, falls, the hash ribbon, difficulty, Puell.

Every function of a day uses that day and days before it, never later ones, so a value once given
does not change when history grows.
"""
