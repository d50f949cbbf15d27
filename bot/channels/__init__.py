"""Channels: one file each, all with the same small interface, none of which knows what a message means."""
