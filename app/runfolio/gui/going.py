"""Commands that take the keyboard to a part of the window, whatever stands in its place now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runfolio.gui.middle import ARTIFACTS, QUEUE, REGISTRY, SERVING, STORAGE, SWEEP

if TYPE_CHECKING:
    from runfolio.gui.artifacts.page import ArtifactsPage
    from runfolio.gui.main_window import MainWindow
    from runfolio.gui.queue.page import JobsPage
    from runfolio.gui.registry.page import RegistryPage
    from runfolio.gui.registry.tabs import RegistryTab
    from runfolio.gui.storage.page import StoragePage


def to_table(window: MainWindow) -> None:
    """To the run table, which the trash or the charts may hide."""
    window.middle.go_to_runs()
    window.page.focus_table()


def to_filter(window: MainWindow) -> None:
    """To the filter."""
    window.middle.go_to_runs()
    window.page.filter.setFocus()


def to_charts(window: MainWindow) -> None:
    """To the charts under the table."""
    window.middle.go_to_runs()
    window.page.focus_charts()


def to_compare(window: MainWindow) -> None:
    """To the page on which the selected runs are compared, or all that are listed."""
    window.middle.go_to_runs()
    window.page.show_compare()


def to_artifacts(window: MainWindow) -> ArtifactsPage:
    """To the page with the files of the run that is looked at."""
    from runfolio.gui.artifacts.page import ArtifactsPage  # not before it is wanted

    window.middle.go_to(ARTIFACTS)
    page = window.middle.currentWidget()
    assert isinstance(page, ArtifactsPage)
    return page


def to_storage(window: MainWindow) -> StoragePage:
    """To the page that tells what takes the room of the store."""
    from runfolio.gui.storage.page import StoragePage  # not before it is wanted

    window.middle.go_to(STORAGE)
    page = window.middle.currentWidget()
    assert isinstance(page, StoragePage)
    return page


def to_jobs(window: MainWindow) -> JobsPage:
    """To the page of jobs."""
    from runfolio.gui.queue.page import JobsPage  # not before it is wanted

    window.middle.go_to(QUEUE)
    page = window.middle.currentWidget()
    assert isinstance(page, JobsPage)
    return page


def to_sweep(window: MainWindow) -> None:
    """To the page of the sweep that the current run is the parent or a trial of."""
    window.middle.go_to(SWEEP)


def to_serving(window: MainWindow) -> None:
    """To the page of servers."""
    window.middle.go_to(SERVING)


def to_registry(window: MainWindow) -> RegistryPage:
    """To the page of the registered model that is looked at."""
    from runfolio.gui.registry.page import RegistryPage  # not before it is wanted

    window.middle.go_to(REGISTRY)
    page = window.middle.currentWidget()
    assert isinstance(page, RegistryPage)
    return page


def to_registry_tab(window: MainWindow, title: str) -> RegistryTab:
    """To a tab of that page, with the keyboard."""
    tab = to_registry(window).show_tab(title)
    tab.setFocus()
    return tab


def to_compared(window: MainWindow) -> None:
    """To the selected versions of the model, beside each other."""
    from runfolio.gui.registry.versions.tab import VersionsTab  # not before it is wanted

    tab = to_registry_tab(window, "Versions")
    assert isinstance(tab, VersionsTab)
    tab.compare_chosen()


def to_verified(window: MainWindow) -> None:
    """To the audit log, which is proved."""
    from runfolio.gui.registry.audit.tab import AuditTab  # not before it is wanted

    tab = to_registry_tab(window, "Audit log")
    assert isinstance(tab, AuditTab)
    tab.verify.click()


def to_run(window: MainWindow, run: int, experiment: int) -> None:
    """To a run in the table, with the runs of its experiment; of run 0, to these."""
    window.session.select_experiments([experiment])
    window.middle.go_to_runs()
    if run:
        window.session.select_runs([run], run)
        to_table(window)


def to_file(window: MainWindow, path: str) -> None:
    """To the viewer of one of these files."""
    to_artifacts(window).choose(path)
