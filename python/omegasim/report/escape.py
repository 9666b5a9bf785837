"""Text on its way into a page: nothing that a run carries can become markup."""

import html
import json


def text(value: object) -> str:
    """Escape for the inside of an element or an attribute.

    Examples
    --------
    >>> text('<b title="x">')
    '&lt;b title=&quot;x&quot;&gt;'
    """
    return html.escape(str(value), quote=True)


def script_json(value: object) -> str:
    r"""JSON for the inside of a script element, which nothing in it can end.

    Examples
    --------
    >>> script_json({"tag": "</script>"})
    '{"tag":"\\u003c/script\\u003e"}'
    """
    written = json.dumps(value, allow_nan=False, separators=(",", ":"))
    return written.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
