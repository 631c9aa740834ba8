"""Widgets that show what they are given and send messages up."""
