"""The desktop window: the only code that knows Qt. It reads and changes the store, and never imports the client.

Where a change goes: `main_window` places the parts and `actions` lists its commands. `session` is what the parts share,
`jobs` and `refresh` read and write off the main thread, `undo` takes changes back. Each folder is a part of the window:

* `navigator` is the tree of experiments, `trash` what was deleted, `views` the bar above the runs and the saved views.
* `runs` is the run table: `feed` reads, `model` holds, `view` and `delegate` show, `looking` follows the view.
* `columns`, `groups`, `formulas` and `filter` ask how runs are to be looked at; they change the session's view.
* `artifacts` is the page with the files of a run, `viewers` what shows them.
* `curves` are the charts, `inspector` is one run, `chrome` what is around: top bar, palette, messages, settings.
* `theme` has the roles of colours.
"""
