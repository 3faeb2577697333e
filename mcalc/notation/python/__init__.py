"""Formulas in Python: the spelling of numpy, torch and JAX, with the meaning that it has there."""
