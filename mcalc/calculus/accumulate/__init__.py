"""Local Jacobians, accumulated forward or in reverse, and what is differentiated by beside whole variables."""
