"""codelog: an event-driven resuscitation timeline logger.

An aid to documentation, not a medical device.
"""

__version__ = "0.1.0"
