"""What goes out to people beside the letters: text messages."""
