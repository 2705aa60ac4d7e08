"""The HTTP client: addresses in, documents or named errors out."""
