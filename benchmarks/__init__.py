"""What the program costs beside something everybody knows. Run by `make bench`, never by the tests."""
