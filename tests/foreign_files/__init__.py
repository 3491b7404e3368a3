"""Files as the programs that people have write them, made by those programs' libraries while the tests run."""
