"""Kuuluu: a self-service portal for data-subject rights to recorded telephone calls."""
