"""Numbered migrations, run by db/upgrade.py; a landed one is never edited."""
