"""Who may do what at the desk: three roles, and the sets of them that the table of routes names."""

from enum import StrEnum


class Role(StrEnum):
    """What an account is for."""

    AGENT = "agent"
    """Treats requests and talks with citizens."""
    EDITOR = "editor"
    """Keeps the answers right."""
    SUPERVISOR = "supervisor"
    """Does both, and watches over figures, messages to many, and accounts."""


Who = frozenset[Role]

NOBODY_YET: Who = frozenset()
"""Open before signing in."""
STAFF: Who = frozenset(Role)
AGENTS: Who = frozenset({Role.AGENT, Role.SUPERVISOR})
EDITORS: Who = frozenset({Role.EDITOR, Role.SUPERVISOR})
SUPERVISORS: Who = frozenset({Role.SUPERVISOR})
