"""One module per part of the table: ``TITLE``, ``ORDER``, ``measure(bench)``; the folder is the list."""
