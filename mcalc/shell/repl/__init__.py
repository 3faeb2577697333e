"""The REPL: what is typed, line by line, with completion, a preview of each line, and a history."""
