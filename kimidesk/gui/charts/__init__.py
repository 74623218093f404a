"""Charts: how one is framed, told as a table, and saved."""
