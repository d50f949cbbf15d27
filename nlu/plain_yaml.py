"""YAML as plain data."""

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from yaml import SafeLoader as SafeLoader
else:
    SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    """libyaml reads ten times as fast, where PyYAML was built with it."""


def load_yaml(text: str | bytes) -> Any:
    """The content of a YAML text; raises `yaml.YAMLError`, whose `problem_mark` has the line."""
    return yaml.load(text, Loader=SafeLoader)  # noqa: S506 (a safe loader)
