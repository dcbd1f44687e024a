"""What things mean: the official forms and their metrics (data), Chinese text, question → query, checks.

Imports none of the other packages, opens no file but its own data, and knows no SQL and no chat.
"""
