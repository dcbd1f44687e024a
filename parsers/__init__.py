"""Bytes → ``Document`` (text and tables) → ``Report`` with facts and problems."""
