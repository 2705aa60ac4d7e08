"""The samples that ship with the program: an invented small news site, an inbox and a translation memory."""
