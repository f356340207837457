"""Showing the params and tags in which the runs that are listed differ."""

from __future__ import annotations

from functools import partial

from runfolio.core import view_edits
from runfolio.core.columns import Column, Source
from runfolio.core.numbers import counted
from runfolio.gui.messages import Message
from runfolio.gui.runs.feed import RunFeed
from runfolio.gui.session import Session
from runfolio.store.column_choice import varying


def show_varying(session: Session, feed: RunFeed, *_: object, only: bool) -> None:
    """Show them as soon as they are found; with `only`, hide the params and tags that are the same everywhere."""
    done = partial(_show, session, feed, only)
    session.read_here(partial(varying, session.store, session.query), done, channel="columns.vary", title="Comparing")


def _show(session: Session, feed: RunFeed, only: bool, found: list[Column]) -> None:
    view = view_edits.vary(session.view, found, feed.natural, only=only)
    session.set_view(view, "Columns That Vary")
    params = sum(column.source is Source.PARAM for column in found)
    told = f"{counted(params, 'param')} and {counted(len(found) - params, 'tag')} differ among the runs."
    session.message.emit(Message(told if found else "The runs do not differ in any param or tag."))
