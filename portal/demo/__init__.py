"""Invented people, calls and an identity provider for the demonstration."""
