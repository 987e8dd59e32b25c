"""What uploads and imported files are, judged by their bytes."""
