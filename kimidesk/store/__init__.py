"""What outlives the program: the desk's database and the folders of runs."""
