"""HTML pages: of articles, of languages, of months; and what they share."""
