"""Encrypted files at rest (article 32): the KUU1 format, the vault folder and the key ring."""
