"""A strategy that a config file names."""

import importlib
import importlib.util
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from omegasim.errors import ARGUMENT, STRATEGY, InputError, StrategyError
from omegasim.strategy import Strategy


def strategy_of(path: str, parameters: Mapping[str, Any], folder: Path) -> Strategy:
    """Make the strategy that "module:Class", or "file.py:Class", names.

    Raises
    ------
    InputError
        There is no such module or class, it is no strategy, or it does not take these arguments.
    StrategyError
        The module itself raised an exception.
    """
    module_name, _, class_name = path.rpartition(":")
    try:
        module = _module(module_name, folder)
    except ModuleNotFoundError as error:
        if error.name != module_name.partition(".")[0]:
            raise StrategyError(f"{module_name}: {error}", STRATEGY) from error
        raise InputError(
            f"strategy.class: no module {module_name!r} in {folder} or among the installed ones", ARGUMENT
        ) from None
    except Exception as error:
        raise StrategyError(f"{module_name}: {type(error).__name__}: {error}", STRATEGY) from error
    kind = getattr(module, class_name, None)
    if kind is None:
        raise InputError(f"strategy.class: {module_name} has no class {class_name!r}", ARGUMENT)
    if not (isinstance(kind, type) and issubclass(kind, Strategy)):
        raise InputError(f"strategy.class: {path} is no om.Strategy", ARGUMENT)
    try:
        return kind(**parameters)
    except TypeError as error:
        raise InputError(f"strategy.parameters: {error}", ARGUMENT) from None


def _module(name: str, folder: Path) -> ModuleType:
    if name.endswith(".py"):
        return _file(folder / name)
    with _searched(folder):
        return importlib.import_module(name)


def _file(path: Path) -> ModuleType:
    if not path.is_file():
        raise InputError(f"strategy.class: {path}: no such file", ARGUMENT)
    found = importlib.util.spec_from_file_location(path.stem, path)
    if found is None or found.loader is None:
        raise InputError(f"strategy.class: {path} cannot be imported", ARGUMENT)
    module = importlib.util.module_from_spec(found)
    sys.modules[path.stem] = module
    with _searched(path.parent):
        found.loader.exec_module(module)
    return module


@contextmanager
def _searched(folder: Path) -> Iterator[None]:
    sys.path.insert(0, str(folder.resolve()))
    try:
        yield
    finally:
        sys.path.remove(str(folder.resolve()))
