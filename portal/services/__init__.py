"""The verbs of the house: one public function a file, no Flask, no SQLAlchemy."""
