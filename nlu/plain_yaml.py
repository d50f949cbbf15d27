"""YAML as plain data, by the rules of YAML 1.2: `on`, `off`, `yes` and `no` are words, in a list and as a key."""

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from yaml import SafeLoader as FastLoader
else:
    FastLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    """libyaml reads ten times as fast, where PyYAML was built with it."""

_BOOLEAN = "tag:yaml.org,2002:bool"


class SafeLoader(FastLoader):
    """Takes only `true` and `false` for truth values: in French `on` is a pronoun, in English `no` is an answer."""

    yaml_implicit_resolvers = {  # noqa: RUF012 (the library's)
        first: [(tag, pattern) for tag, pattern in resolvers if tag != _BOOLEAN or first in "tTfF"]
        for first, resolvers in FastLoader.yaml_implicit_resolvers.items()
    }


def load_yaml(text: str | bytes) -> Any:
    """The content of a YAML text; raises `yaml.YAMLError`, whose `problem_mark` has the line."""
    return yaml.load(text, Loader=SafeLoader)  # noqa: S506 (a safe loader)
