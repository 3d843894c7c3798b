"""The record handed on: exports that anybody can check, without or with the people in them, and their way back."""
