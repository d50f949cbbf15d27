"""The answers at the desk: the list, the editor, trying a draft, publishing, versions, files."""
