"""What is made of a case for people: words, and later reports."""
