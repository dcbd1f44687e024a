"""Assistant, chat adapters and command line: the thin edges around the pure core."""
