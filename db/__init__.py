"""The store: schema, numbered migrations, ingest, ``Query`` → rows."""
