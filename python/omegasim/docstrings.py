"""Docstrings below the attributes of a class, read from its source when somebody asks for them."""

import ast
import inspect
from collections.abc import Iterator
from itertools import pairwise
from textwrap import dedent


def attribute_docstrings(kind: type) -> dict[str, str]:
    """Docstrings of a class's annotated attributes by name, those of its bases too; none where there is no source."""
    return {name: text for one in reversed(kind.__mro__) for name, text in _own(one)}


def _own(kind: type) -> Iterator[tuple[str, str]]:
    try:
        tree = ast.parse(dedent(inspect.getsource(kind)))
    except (OSError, TypeError, SyntaxError):
        return
    for attribute, below in pairwise(getattr(tree.body[0], "body", ())):
        match attribute, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield name, inspect.cleandoc(text)
