"""Every command of the window, declared once: menus, palette and shortcut map are made from this list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from runfolio.core.statistics import TITLES, Statistic
from runfolio.gui import demo_run, going
from runfolio.gui import organizing as o
from runfolio.gui.artifacts import commands as files
from runfolio.gui.columns import commands as columns
from runfolio.gui.curves import commands as charts
from runfolio.gui.formulas import commands as formulas
from runfolio.gui.groups import commands as groups
from runfolio.gui.history import History
from runfolio.gui.icons import icon
from runfolio.gui.projects import commands as projects
from runfolio.gui.projects.reproducing import commands as again
from runfolio.gui.queue import commands as queue
from runfolio.gui.registry import commands as versions
from runfolio.gui.registry.tabs import TABS
from runfolio.gui.runs import commands as runs
from runfolio.gui.runs import export
from runfolio.gui.runs.cells import one_line
from runfolio.gui.runs.register import register
from runfolio.gui.serving import commands as servers
from runfolio.gui.serving.entry import serve
from runfolio.gui.views import commands as views

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow


#: So many letters of what a step has done are in a menu.
LONGEST_STEP = 60
EYE = "Hide or Show the Group in Charts"


def always(window: MainWindow) -> bool:
    """Enabled at all times."""
    return True


def has_run(window: MainWindow) -> bool:
    """Enabled while the inspector shows a run."""
    return window.session.selection.current is not None


def has_some_runs(window: MainWindow) -> bool:
    """Enabled while two runs or more are selected."""
    return len(window.session.selection.ids) > 1


def has_hidden(window: MainWindow) -> bool:
    """Enabled while charts leave runs out."""
    return bool(window.session.view.hidden_runs or window.session.view.only_runs)


def is_modified(window: MainWindow) -> bool:
    """Enabled while a saved view is applied and the runs are looked at otherwise."""
    return window.page.views.modified


def has_view(window: MainWindow) -> bool:
    """Enabled while a saved view is applied that can be changed."""
    return window.page.views.applied is not None and is_writable(window)


def has_some_versions(window: MainWindow) -> bool:
    """Enabled while two versions of a registered model or more are selected."""
    return len(window.session.registry.versions) > 1


def is_writable(window: MainWindow) -> bool:
    """Enabled unless the store is read-only."""
    return not window.session.store.read_only


def has_writable_run(window: MainWindow) -> bool:
    """Enabled while there is a run that can be changed."""
    return has_run(window) and is_writable(window)


def can_undo(window: MainWindow) -> bool:
    """Enabled while there is something to undo."""
    return window.session.undo.last is not None


def can_redo(window: MainWindow) -> bool:
    """Enabled while there is something to redo."""
    return window.session.undo.undone is not None


@dataclass(frozen=True, slots=True)
class Action:
    """One command.

    Attributes:
        id: its stable name.
        title: what menus and the palette call it.
        function: does it, given the window.
        menu: the menu it is in.
        shortcut: its key, in Qt's portable notation; several are separated by a comma and a blank.
        icon: its symbol in `icons/`.
        when: whether it makes sense now.
        context: True if it is also in the context menu of a run.
        tree: True if it is also in the context menu of the tree.
        local: True if its key counts only while the keyboard is in the run table.
    """

    id: str
    title: str
    function: Callable[[MainWindow], object]
    menu: str
    shortcut: str = ""
    icon: str = ""
    when: Callable[[MainWindow], bool] = always
    context: bool = False
    tree: bool = False
    local: bool = False


ACTIONS = (
    Action("store.open", "Open Store…", lambda w: w.choose_store(), "Store", "Ctrl+O", "folder-open"),
    Action("store.window", "New Window", lambda w: w.open_again(), "Store", "Ctrl+Shift+N", "window"),
    Action("store.demo", "Watch a Demo", demo_run.train, "Store", "", "play", is_writable),
    Action("store.reload", "Refresh", lambda w: w.refresh(), "Store", "F5", "refresh"),
    Action("store.close", "Close Window", lambda w: w.close(), "Store", "Ctrl+W", "close"),
    Action("store.quit", "Quit", lambda w: QApplication.closeAllWindows(), "Store", "Ctrl+Q", "quit"),
    Action("edit.undo", "Undo", lambda w: w.session.undo.undo(), "Edit", "Ctrl+Z", "undo", can_undo),
    Action("edit.redo", "Redo", lambda w: w.session.undo.redo(), "Edit", "Ctrl+Shift+Z, Ctrl+Y", "redo", can_redo),
    Action("edit.rename", "Rename", o.rename, "Edit", "F2", "edit", is_writable, True, True),
    Action("edit.trash", "Move To Trash", o.move_to_trash, "Edit", "Del", "trash", is_writable, True, True),
    Action("tree.new", "New Experiment…", o.new_experiment, "Experiment", "Ctrl+N", "plus", is_writable, tree=True),
    Action("tree.folder", "New Folder…", o.new_folder, "Experiment", "Ctrl+Alt+N", "folder", is_writable, tree=True),
    Action("tree.move", "Move To…", o.move_to, "Experiment", "Ctrl+M", "folder-open", o.has_chosen, tree=True),
    Action("tree.merge", "Merge Into…", o.merge_into, "Experiment", "", "merge", o.can_merge, tree=True),
    Action("tree.describe", "Describe Experiment", o.describe, "Experiment", "F4", "info", o.has_experiment, tree=True),
    Action("run.tag", "Add Tag", runs.add_tag, "Run", "Ctrl+T", "tag", has_writable_run, True),
    Action("run.note", "Describe", runs.describe, "Run", "Ctrl+E", "edit", has_writable_run),
    Action("run.edit", "Edit Runs…", runs.edit_runs, "Run", "Ctrl+Shift+E", "edit", has_writable_run, True),
    Action("run.changes", "Compare With Another Run…", lambda w: w.inspector.choose_other(), "Run", "", "", has_run),
    Action("run.compare", "Compare Selected Runs", runs.compare, "Run", "Ctrl+D", "compare", has_some_runs, True),
    Action("run.copy_id", "Copy Run Id", lambda w: w.copy_run_id(), "Run", "Ctrl+Shift+C", "copy", has_run, True),
    Action("run.copy_rows", "Copy Rows as TSV", lambda w: w.runs.copy_rows(), "Run", "Ctrl+C", "copy", has_run, True),
    Action("run.copy_csv", "Copy Rows as CSV", runs.copy_csv, "Run", "", "copy", has_run),
    Action("run.copy_md", "Copy Rows as Markdown", runs.copy_markdown, "Run", "Ctrl+Alt+C", "copy", has_run, True),
    Action("run.copy_tex", "Copy Rows as LaTeX", runs.copy_latex, "Run", "Ctrl+Alt+X", "copy", has_run, True),
    Action("run.eye", "Hide or Show in Charts", runs.toggle_eyes, "Run", "Space", "eye", has_run, True, local=True),
    Action("run.only", "Show Only These in Charts", runs.show_only, "Run", "Ctrl+Shift+O", "eye", has_run, True),
    Action("run.show_all", "Show All in Charts", runs.show_all, "Run", "Ctrl+Shift+A", "eye", has_hidden),
    Action("run.color", "Choose the Colour…", runs.choose_color, "Run", "", "palette", has_writable_run, True),
    Action("run.register", "Register…", register, "Run", "Ctrl+Alt+R", "model", has_writable_run, True),
    Action("run.reproduce", "Reproduce…", again.reproduce, "Run", "Ctrl+Alt+Return", "refresh", has_writable_run, True),
    Action("run.reproduced", "What Changed Since the Run It Reproduces", again.what_changed, "Run", "", "", has_run),
    Action("run.export", "Export the Table…", export.ask_and_export_table, "Run", "Ctrl+Shift+X", "export"),
    Action("run.export_all", "Export All That Was Logged…", export.ask_and_export_everything, "Run", "", "export"),
    Action("run.move", "Move Runs To…", o.move_runs_to, "Run", "Ctrl+Shift+M", "", has_writable_run, True),
    Action("run.previous", "Previous Run", lambda w: w.runs.step(-1), "Run", "Alt+Up", "", has_run),
    Action("run.next", "Next Run", lambda w: w.runs.step(1), "Run", "Alt+Down", "", has_run),
    Action("run.select_all", "Select All Runs", lambda w: w.runs.select_all(), "Run", "Ctrl+A", "check"),
    Action("view.save", "Save View", views.save_view, "View", "Ctrl+S", "star", is_writable),
    Action("view.save_as", "Save View As…", views.save_view_as, "View", "Ctrl+Shift+S", "star", is_writable),
    Action("view.revert", "Revert to the Saved View", lambda w: w.page.views.revert(), "View", "", "undo", is_modified),
    Action("view.delete", "Delete the Applied View", views.delete_view, "View", "", "trash", has_view),
    Action("view.open", "Open View File…", views.open_view, "View", "", "folder-open"),
    Action("view.export", "Export View…", views.export_view, "View"),
    Action("run.baseline", "Make Baseline", columns.make_baseline, "Run", "Ctrl+Shift+B", "pin", has_run, True),
    Action("run.no_baseline", "Clear Baseline", columns.clear_baseline, "Run", "", "", columns.has_baseline, True),
    Action("run.go_baseline", "Go to the Baseline", columns.go_to_baseline, "Run", "", "", columns.has_baseline),
    Action("view.columns", "Choose Columns…", columns.choose_columns, "Columns", "Alt+C", "columns"),
    Action("view.column_menu", "Menu of the Column", columns.column_menu, "Columns", "Alt+M"),
    *(
        Action(f"column.{name}", title, partial(columns.of_column, titles=titles), "Columns", "", symbol)
        for name, title, titles, symbol in columns.OF_COLUMN
    ),
    Action("view.formula", "Add Formula Column…", formulas.add_formula, "Columns", "Ctrl+Alt+F", "formula"),
    Action("view.typed", "Add Column To Type Into…", formulas.add_typed_column, "Columns", "", "edit", is_writable),
    Action("view.checks", "Show or Hide the Column of Checks", formulas.toggle_checks, "Columns", "", "check"),
    Action("view.vary", "Add All Columns That Vary", columns.add_varying, "Columns"),
    Action("view.only_vary", "Show Only Columns That Vary", columns.only_varying, "Columns"),
    Action("view.reset_columns", "Reset Columns", columns.reset, "Columns", "", "undo"),
    Action("view.fit_columns", "Fit All Columns", lambda w: w.runs.view.arrangement.fit_all(), "Columns"),
    Action("view.rows_compact", "Compact Rows", lambda w: columns.set_row_height(w, "compact"), "View"),
    Action("view.rows_normal", "Normal Rows", lambda w: columns.set_row_height(w, "normal"), "View"),
    Action("view.rows_comfortable", "Comfortable Rows", lambda w: columns.set_row_height(w, "comfortable"), "View"),
    Action("group.choose", "Group Runs…", groups.choose, "Group", "Alt+G", "group"),
    Action("group.seed", "Group by All but the Seed", groups.all_but_seed, "Group", "Alt+Shift+G", "group"),
    Action("group.clear", "Show Runs Without Groups", groups.ungroup, "Group", "Ctrl+Shift+G", "", groups.is_grouped),
    Action("group.eye", EYE, groups.toggle_eyes, "Group", "Shift+Space", "eye", groups.is_grouped, True, local=True),
    Action("group.open_all", "Open All Groups", groups.open_all, "Group", "Alt+Shift+Right", "expand"),
    Action("group.close_all", "Close All Groups", groups.close_all, "Group", "Alt+Shift+Left", "collapse"),
    *(
        Action(f"group.{one}", f"Groups Show the {TITLES[one]}", partial(groups.show_statistic, statistic=one), "Group")
        for one in Statistic
    ),
    Action("view.nested", "Nest Runs Beneath Their Parents or Not", groups.toggle_nested, "View"),
    Action("view.palette", "Command Palette", lambda w: w.show_palette(), "View", "Ctrl+K", "search"),
    Action("view.theme", "Switch Dark and Light", lambda w: w.toggle_theme(), "View", "Ctrl+Shift+L", "moon"),
    Action("view.settings", "Settings…", lambda w: w.show_settings(), "View", "Ctrl+,", "settings"),
    Action("view.theme_system", "Follow the System's Theme", lambda w: w.follow_system_theme(), "View"),
    Action("view.navigator", "Toggle Navigator", lambda w: w.toggle("navigator"), "View", "Ctrl+B", "panel-left"),
    Action("view.inspector", "Toggle Inspector", lambda w: w.toggle("inspector"), "View", "Ctrl+I", "panel-right"),
    Action("view.float_inspector", "Float or Dock Inspector", lambda w: w.float("inspector"), "View"),
    Action("view.float_navigator", "Float or Dock Navigator", lambda w: w.float("navigator"), "View"),
    Action("view.reset", "Restore the Layout", lambda w: w.reset_layout(), "View"),
    Action("view.table", "Go to the Run Table", going.to_table, "View", "Alt+2"),
    Action("view.filter", "Filter Runs", going.to_filter, "View", "Ctrl+F", "search"),
    Action("view.sort_again", "Sort Again", lambda w: w.runs.feed.apply_order(), "View", "F6", "refresh"),
    Action("view.live_sort", "Keep Rows Sorted While Runs Go On", lambda w: w.runs.toggle_live_sort(), "View"),
    Action("view.tree", "Go to the Experiments", lambda w: w.navigator.setFocus(), "View", "Alt+1"),
    Action("view.details", "Go to the Inspector", lambda w: w.zone.take_keyboard(), "View", "Alt+4"),
    Action("trash.empty", "Empty Trash…", o.empty_trash, "Edit", "", "trash", o.has_trash),
    Action("trash.restore", "Restore All From the Trash", o.restore_everything, "Edit", "", "undo", o.has_trash),
    Action("view.trash", "Open the Trash", o.open_trash, "View", "Alt+5", "trash"),
    Action("view.artifacts", "Open the Artifacts", going.to_artifacts, "View", "Alt+7", "file"),
    Action("view.storage", "Open the Storage", going.to_storage, "View", "Alt+8", "storage"),
    Action("view.registry", "Open the Registry", going.to_registry, "View", "Alt+9", "model"),
    Action("view.jobs", "Open the Jobs", going.to_jobs, "View", "Alt+0", "jobs"),
    Action("view.sweep", "Open the Sweep of the Run", going.to_sweep, "View", "Alt+W", "metric", has_run),
    *(
        Action(f"job.{of.name}", of.title, partial(queue.do, command=of), "Job", of.key, of.symbol, of.when)
        for of in queue.OF_JOBS
    ),
    Action("view.serving", "Open the Servers", going.to_serving, "View", "Alt+V", "serving"),
    Action("server.serve", "Serve a Model…", serve, "Server", "Ctrl+Alt+V", "serving", is_writable),
    *(
        Action(f"server.{one.name}", one.title, one.do, "Server", one.key, one.symbol, one.when)
        for one in servers.OF_SERVERS
    ),
    Action("view.projects", "Open the Projects", projects.page_of, "View", "Alt+P", "project"),
    Action("project.choose", "Run Project…", projects.choose, "Project", "Ctrl+R", "play"),
    Action("project.add", "Open a Project…", projects.add, "Project", "", "folder-open"),
    *(
        Action(f"project.{name}", of.title, of.do, "Project", of.key, of.symbol, of.when, local=bool(of.key))
        for name, of in projects.OF_PROJECTS.items()
    ),
    *(
        Action(f"registry.{tab.id}", tab.command, partial(going.to_registry_tab, title=tab.title), "Registry")
        for tab in TABS
    ),
    Action("registry.compare", "Compare Versions", going.to_compared, "Registry", "", "compare", has_some_versions),
    Action("registry.verify", "Verify the Registry", going.to_verified, "Registry", "", "check"),
    *(
        Action(f"file.{of.name}", of.title, partial(files.do, name=of.name), "File", of.key, of.symbol, files.shown)
        for of in files.OF_FILES
    ),
    *(
        Action(f"version.{of.name}", of.title, partial(versions.do, command=of), "Model", of.key, of.symbol, of.when)
        for of in versions.OF_VERSIONS
    ),
    Action("view.compare", "Compare Runs", going.to_compare, "View", "Alt+6", "compare"),
    Action("chart.export", "Export Chart…", charts.export_chart, "Chart", "Ctrl+Alt+E", "export"),
    Action("chart.copy", "Copy Chart", charts.copy_chart, "Chart", "Ctrl+Alt+P", "copy"),
    Action("chart.annotate", "Annotate…", charts.annotate, "Chart", "Ctrl+Alt+A", "edit", is_writable),
    Action("chart.annotations", "Annotations…", charts.show_annotations, "Chart"),
    Action("chart.best", "Show Only the Best Ten Runs", charts.show_best, "Chart", "Ctrl+Alt+B", "eye"),
    Action("chart.new", "New Chart…", charts.new_chart, "Chart", "", "plus"),
    Action("chart.fold_all", "Fold All Sections", partial(charts.fold_all, folded=True), "Chart"),
    Action("chart.unfold_all", "Unfold All Sections", partial(charts.fold_all, folded=False), "Chart"),
    Action("chart.put_back", "Put Back Removed Charts", charts.put_back, "Chart", "", "undo"),
    Action("chart.reset", "Reset the Arrangement of Charts", charts.reset, "Chart", "", "undo"),
    Action("view.charts", "Go to the Charts", going.to_charts, "View", "Alt+3"),
    Action("help.shortcuts", "Keyboard Shortcuts", lambda w: w.show_shortcuts(), "Help", "?, F1", "keyboard"),
)  # fmt: skip


def shortcuts(action: Action) -> list[QKeySequence]:
    """The keys of an action."""
    return [QKeySequence(part) for part in action.shortcut.split(", ") if part]


def build(window: MainWindow) -> dict[str, QAction]:
    """Qt's actions for the list, on a window, by id."""
    made = {}
    for action in ACTIONS:
        made[action.id] = item = QAction(action.title, window)
        if action.icon:
            item.setIcon(icon(action.icon, "muted"))
        item.setShortcuts(shortcuts(action))
        item.triggered.connect(lambda checked=False, chosen=action: _carry_out(window, chosen))
        if not action.local:
            window.addAction(item)
    window.session.undo.changed.connect(lambda: _name_steps(window.session.undo, made))
    return made


def _name_steps(history: History, made: dict[str, QAction]) -> None:
    """Undo and Redo say what they take back or do again."""
    for item, title, text in (
        (made["edit.undo"], "Undo", history.undo_text),
        (made["edit.redo"], "Redo", history.redo_text),
    ):
        step = one_line(text).rstrip(".")
        step = step if len(step) <= LONGEST_STEP else f"{step[: LONGEST_STEP - 1]}…"
        item.setToolTip(f"{title}: {step}" if step else title)
        item.setText(item.toolTip().replace("&", "&&"))


def _carry_out(window: MainWindow, action: Action) -> None:
    """What was selected by the key or click just before counts already, be it that the action makes no sense then."""
    window.runs.view.tell()
    if action.when(window):
        action.function(window)


def refresh(window: MainWindow, made: dict[str, QAction]) -> None:
    """Enable what makes sense now."""
    makes_sense = {when: when(window) for when in {action.when for action in ACTIONS}}
    for action in ACTIONS:
        made[action.id].setEnabled(makes_sense[action.when])


def fill_menu(menu: QMenu, made: dict[str, QAction], chosen: Iterable[Action] = ACTIONS) -> None:
    """Put actions into a menu, those of one title under their own heading."""
    titles = dict.fromkeys(action.menu for action in chosen)
    for title in titles:
        part = menu if len(titles) == 1 else menu.addMenu(title)
        part.addActions([made[action.id] for action in chosen if action.menu == title])


def context_menu(made: dict[str, QAction], parent: QWidget, *, tree: bool = False) -> QMenu:
    """The context menu of a run, or of the experiments and folders of the tree."""
    menu = QMenu(parent)
    chosen = [action for action in ACTIONS if (action.tree if tree else action.context)]
    for title in dict.fromkeys(action.menu for action in chosen):
        menu.addSeparator()
        menu.addActions([made[action.id] for action in chosen if action.menu == title])
    return menu
