"""What is known of any expression: entries, rows and columns, length, signs; simplifications by name."""
