"""What is known of sources, articles, translations and feeds, in SQLite; every work list is a query."""
