"""Tells operators what is wrong, once, and when it is over; and whoever wants to know what was published."""
