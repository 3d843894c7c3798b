"""The command line: parse, call, print. Data goes to standard output, narration to standard error."""
