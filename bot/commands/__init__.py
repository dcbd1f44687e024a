"""One module per command of ``wenbao``, each with its ``command``; ``bot.cli`` finds them by listing this folder."""
