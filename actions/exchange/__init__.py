"""Programmes in and out of the tools that organisers use; docs/expo.md says what each format carries."""
