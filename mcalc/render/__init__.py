"""From expressions to text: layouts, faces, and what a terminal shows."""
