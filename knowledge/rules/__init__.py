"""Decision tables as data: a check's rows, its questions, its verdict, and what would change it."""
