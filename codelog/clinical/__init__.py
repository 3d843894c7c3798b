"""The clinical tables and protocols as data (TOML), and their strict, typed loader."""
