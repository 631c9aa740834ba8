"""Listing reports are read here: in a thread if they are small, else by a process of its own.

Reading half a million rows takes the interpreter's lock for seconds, and the daemon's loop needs it.
The process has no database: it is told what the book knows of a page, and says what of it is news.
"""
