"""Providers of strong identification: one file a protocol."""
