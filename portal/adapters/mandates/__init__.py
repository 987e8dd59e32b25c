"""Who may act for whom: one module a supplier."""
