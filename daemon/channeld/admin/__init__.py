"""What the service's administrator does from a shell, beside `channeld run`: one command a file.

They work on the files, so they also work when no daemon does. What is heavy to load is loaded by the command
that needs it, so that `channeld --help` is quick.
"""
