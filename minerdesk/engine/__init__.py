"""The shared cost engine. Pure: no Qt, files, sockets, clock, text or time zones.

Arrays in, arrays out.
"""
