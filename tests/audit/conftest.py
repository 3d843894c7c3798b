from tests.cli.conftest import codelog, opened, store_path

__all__ = ["codelog", "opened", "store_path"]
