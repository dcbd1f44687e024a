"""Synthetic reports whose every figure is known by construction, questions about them, and a judge."""
