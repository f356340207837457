"""The crash-safe append format between a logging process and the tables.

Each writing process owns one folder `journal/<id>/` in the store:

    lock         held by the owner as long as it lives
    events       framed JSON records: length, CRC-32, payload (runs, series, params, tags, artifacts, ends)
    points.<n>   segments of 32768 fixed slots of 32 bytes, one metric point each, filled from the front

`append` needs the standard library alone; `read` parses with numpy. Neither knows anything of SQL.
"""
