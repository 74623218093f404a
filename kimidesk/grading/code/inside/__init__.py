"""What runs inside the sandbox: the standard library alone, nothing else of the program."""
