"""Differentiation: local Jacobians, their accumulation, normal form, matrix form, and derivations told in steps."""
