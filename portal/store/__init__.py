"""SQLAlchemy lives here and only here; rows never leave this folder."""
