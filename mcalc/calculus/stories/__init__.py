"""Derivations: how a result comes about, told in steps as the paper tells them."""
