"""The parts of the screens. Text from people is never read as markup."""
