"""Probing and transcoding of recordings, always in a separate, limited process."""
