"""YAML as the pack files need it: strict about types, honest about lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from knowledge.problems import Problem

# libyaml where the wheel has it: ten times as fast, and a start reads a megabyte of YAML.
Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse_mapping(text: str, path: str, offset: int = 0) -> tuple[dict[str, Any], list[Problem]]:
    """The mapping `text` holds, or the reason it holds none. `offset` is the line before its first."""
    try:
        value = yaml.load(text, Loader=Loader)  # noqa: S506 - a safe loader either way
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = offset + (mark.line + 1 if mark else 1)
        reason = getattr(error, "problem", None) or "not valid YAML"
        return {}, [Problem(path, line, f"this YAML cannot be read: {reason}")]
    if value is None:
        return {}, []
    if not isinstance(value, dict):
        return {}, [Problem(path, offset + 1, "expected names with values (name: value)")]
    return value, []


def read_text(file: Path, path: str) -> tuple[str, list[Problem]]:
    """The file's text (without a byte order mark, with `\\n` line ends), or the reason there is none."""
    try:
        return file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"), []
    except FileNotFoundError:
        return "", [Problem(path, 1, "this file is missing")]
    except UnicodeDecodeError as error:
        return "", [Problem(path, 1, f"this file is not UTF-8 text (byte {error.start}); save it as UTF-8")]
    except OSError as error:
        return "", [Problem(path, 1, f"this file cannot be opened: {error.strerror}")]


def read_mapping(folder: Path, name: str) -> tuple[dict[str, Any], list[Problem]]:
    """The mapping in `folder/name`, or problems."""
    text, problems = read_text(folder / name, name)
    if problems:
        return {}, problems
    return parse_mapping(text, name)


def strings(value: object) -> tuple[str, ...] | None:
    """`value` as a tuple of strings: none when it is a list with anything else in it."""
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    return None
