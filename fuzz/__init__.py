"""Damaged files for the readers: whatever comes in, a clean answer comes out."""
