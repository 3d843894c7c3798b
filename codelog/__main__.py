"""`python -m codelog`."""

from codelog.cli.main import main

if __name__ == "__main__":
    main()
