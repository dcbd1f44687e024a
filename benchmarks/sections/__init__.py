"""One module per part of the table: ``TITLE``, ``ORDER``, ``measure(bench) -> Iterator[Line]``; the folder is the list."""
