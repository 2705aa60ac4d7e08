"""``python -m syndicator``: the same as the command ``syndicator``."""

from syndicator.cli import main

main()
