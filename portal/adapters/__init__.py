"""The suppliers' floor: one folder a port, one file a supplier; adapters meet their ports in wiring.py only."""
