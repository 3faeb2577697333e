"""The command line: from the words of an invocation to what they ask for, and shells that complete them."""
