"""Code with colours: Pygments tells the words apart, the theme colours them."""

from __future__ import annotations

import html
from collections.abc import Mapping

from pygments.lexer import Lexer
from pygments.lexers import get_lexer_for_filename
from pygments.lexers.special import TextLexer
from pygments.token import Token, _TokenType
from pygments.util import ClassNotFound

ROLES: tuple[tuple[_TokenType, str], ...] = (
    (Token.Comment, "code_comment"),
    (Token.Keyword, "code_keyword"),
    (Token.Operator.Word, "code_keyword"),
    (Token.Literal.String, "code_string"),
    (Token.Literal.Number, "code_number"),
    (Token.Name.Function, "code_name"),
    (Token.Name.Class, "code_name"),
    (Token.Name.Tag, "code_name"),
    (Token.Name.Attribute, "code_name"),
    (Token.Name.Decorator, "code_name"),
)
CODE_ROLES = tuple(dict.fromkeys(role for _, role in ROLES))


def to_html(name: str, text: str, colors: Mapping[str, str]) -> str:
    """Preformatted HTML of a file's text; `colors` gives the theme's colour for each of `CODE_ROLES`."""
    parts = []
    for token, words in (lexer_of(name) or TextLexer(stripnl=False, ensurenl=False)).get_tokens(text):
        role = next((role for kind, role in ROLES if _is(token, kind)), None)
        escaped = html.escape(words)
        parts.append(f'<span style="color:{colors[role]}">{escaped}</span>' if role else escaped)
    return f"<pre>{''.join(parts)}</pre>"


def plain_html(text: str) -> str:
    """The same without colours."""
    return f"<pre>{html.escape(text)}</pre>"


def lexer_of(name: str) -> Lexer | None:
    """What tells the words of a file of that name apart; None where nothing does."""
    # MLmodel and MLproject are YAML without saying so.
    if name.rsplit("/", 1)[-1] in ("MLmodel", "MLproject"):
        name = "model.yaml"
    try:
        return get_lexer_for_filename(name, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def _is(token: _TokenType, kind: _TokenType) -> bool:
    return token[: len(kind)] == kind
