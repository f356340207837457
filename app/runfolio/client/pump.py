"""The background thread that moves this process's journal into the tables, and never troubles the training loop."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from runfolio.client.place import Place
from runfolio.core.errors import RunfolioError, StoreBusy, StoreGone
from runfolio.journal.append import JournalWriter
from runfolio.journal.layout import HEARTBEAT

if TYPE_CHECKING:
    from runfolio.store import Store
    from runfolio.store.ingest import Ingest

INTERVAL = 0.1
# After a long pass the training has the processor as long to itself, up to this.
LONGEST = 1.0
RETRY = 1.0
# Trouble is told once while it lasts; when it comes and goes, this often, in seconds.
SILENCE = 60.0
# Where many processes log, each waits for its turn: that is told when it takes longer than this, in seconds.
PATIENCE = 15.0
# A store that is gone may be back in a moment. After so many seconds it is taken for deleted; one that was moved has
# longer, for its journal went with it: what is logged meanwhile is in its new place.
ABSENCE, ABSENCE_ELSEWHERE = 5.0, 600.0
log = logging.getLogger("runfolio")


class Pump:
    """Takes in a journal until it is told to stop.

    Args:
        left: whether that is left to who has started this process and watches it, until something is to be read here:
            what it takes is then not loaded in this process.
    """

    def __init__(self, folder: Path, writer: JournalWriter, *, left: bool = False) -> None:
        self._store: Store | None = None
        self._folder = folder
        self._place = Place(folder)
        self._writer = writer
        self._ingest: Ingest | None = None
        # When the trouble of now began, and whether it was told.
        self._trouble_began: float | None = None
        self._told = False
        self._silent_until = 0.0
        self._stopping = False
        self._wake = threading.Event()
        self._left, self._needed, self._recovered = left, False, False
        self._progress = threading.Condition()
        #: Held during a pass. A fork waits for it: the child would find modules half imported and SQLite's locks taken.
        self.at_work = threading.Lock()
        # Passes are numbered from 1: the last one that began, and the last that brought everything in.
        self._begun = self._done = 0
        self._ended = False
        self._beaten = 0.0
        self._thread = threading.Thread(target=self._loop, name="runfolio", daemon=True)
        try:
            self._thread.start()
        except RuntimeError:  # the interpreter is ending: whoever opens the store next brings the journal in
            self._ended = True

    def flush(self, timeout: float = 30.0) -> bool:
        """Wait until everything logged before this call is in the tables; False if that did not happen in time."""
        with self._progress:
            # The pass under way may have read before the call: one that begins after it has not.
            goal = self._begun + 1
            self._needed = True
            self._wake.set()
            return self._progress.wait_for(lambda: self._done >= goal or self._ended, timeout) and not self._ended

    def stop(self) -> None:
        """Take in what is left, remove the journal, end the thread. What cannot be taken in waits in the journal."""
        self._stopping = True
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(timeout=30.0)

    def _loop(self) -> None:
        try:
            if self._left and not self._is_needed():
                return
            while not self._stopping:
                began = time.monotonic()
                with self.at_work:
                    done = self._attempt()
                spent = min(time.monotonic() - began, LONGEST)
                self._wake.wait(max(INTERVAL, spent) if done else RETRY)
                self._wake.clear()
            with self.at_work:
                self._end()
        except ModuleNotFoundError as missing:
            self._go_on_unaided(missing)
        except Exception:
            log.exception("A bug of Runfolio's: what is logged stays in its journal for now. Please report this.")
        finally:
            if self._store is not None:
                self._store.close()
            with self._progress:
                self._ended = True
                self._progress.notify_all()

    def _go_on_unaided(self, missing: ModuleNotFoundError) -> None:
        """Where what the tables need is not installed, the journal is all that is written; others bring it in."""
        log.info("%s: what is logged is brought in by who has started this process, or opens the store.", missing)
        with self._progress:
            self._ended = True  # nobody waits for what is not done here
            self._progress.notify_all()
        self._leave(lambda: False)

    def _is_needed(self) -> bool:
        """Leave the journal to others until something is to be read here; False where that never was."""
        return self._leave(lambda: self._needed)

    def _leave(self, needed: Callable[[], bool]) -> bool:
        """Have others bring the journal in, until that is to be done here, which is told, or the process ends."""
        self._writer.ask_for_aid()
        while not self._stopping:
            if needed():
                return True
            self._wake.wait(INTERVAL)
            self._wake.clear()
            self._save()
        self._save()
        if self._writer.trouble is None:
            self._writer.close()
        return False

    def _save(self) -> None:
        with self.at_work:
            if self._writer.waiting:
                self._writer.save()
            self._beat()

    def _end(self) -> None:
        """Bring in what is left. What waits in memory gets room as the journal's files go into the tables."""
        left = -1
        while not self._attempt(last=True):
            again = self._started_over() if self._is_gone() and not self._waits_elsewhere() else False
            if not again and self._writer.points_in_memory() in (0, left):
                self._tell_what_is_lost()
                break
            left = self._writer.points_in_memory()

    def _waits_elsewhere(self) -> bool:
        """Whether all that is left waits in the journal of a store that was moved: who opens it there brings it in."""
        return self._writer.is_elsewhere() and not self._writer.waiting

    def _tell_what_is_lost(self) -> None:
        if self._waits_elsewhere():
            log.warning("The store %s was moved. What was logged since comes in when it is opened there.", self._folder)
            return
        points, events = self._writer.points_in_memory(), self._writer.events_in_memory()
        if points:
            log.error(
                "%d points could not be written to %s and are lost: %s", points, self._folder, self._writer.trouble
            )
        if events:
            log.error("%d params, tags or other records could not be written to %s and are lost.", events, self._folder)
        if self._is_gone():
            log.error("The store %s is gone, and with it what was logged to it.", self._folder)

    def _attempt(self, last: bool = False) -> bool:
        """One pass; whether all that was logged before it is in the tables."""
        with self._progress:
            self._begun += 1
        trouble: Exception | None = None
        try:
            if self._writer.waiting and not self._writer.save():
                trouble = self._writer.trouble
            self._beat()
            self._pass(last)
        except (RunfolioError, OSError) as error:
            trouble = trouble or error
        if trouble is not None:
            self._has_trouble(trouble, last)
            return False
        self._trouble_began, self._told = None, False
        with self._progress:
            self._done = self._begun
            self._progress.notify_all()
        return True

    def _beat(self) -> None:
        if time.monotonic() - self._beaten > HEARTBEAT:
            self._writer.beat()
            self._beaten = time.monotonic()

    def _pass(self, last: bool) -> None:
        ingest = self._opened()
        ingest.store.check_present()
        self._writer.take_late_points()
        while not ingest.reader.idle() and ingest.run():
            # What was logged meanwhile waits for the next pass, which takes more at a time and costs less for each.
            if not (last or ingest.reader.cut_short):
                break
        self._recover(ingest.store)
        if last:
            self._finish(ingest)

    def _recover(self, store: Store) -> None:
        """Once, bring in what others have left; what is logged here comes first, and stays where both differ."""
        if not self._recovered:
            from runfolio.store.recover import recover

            recover(store)
            self._recovered = True

    def _finish(self, ingest: Ingest) -> None:
        from runfolio.store.recover import release

        if self._writer.trouble is None:
            ingest.finish()
            self._writer.close()
            release(ingest)

    def _has_trouble(self, trouble: Exception, last: bool) -> None:
        now = time.monotonic()
        if self._trouble_began is None:
            self._trouble_began = now
        lasted = now - self._trouble_began
        if self._is_gone():
            self._tell(
                StoreGone(f"The store {self._folder} is gone.", "Unless it comes back, a new one is made there.")
            )
            if lasted > (ABSENCE_ELSEWHERE if self._writer.is_elsewhere() else ABSENCE):
                self._started_over()
        elif last or lasted > PATIENCE or not isinstance(trouble, StoreBusy):
            self._tell(trouble)

    def _is_gone(self) -> bool:
        """Whether the journal, or the database that was opened, is not there any more."""
        try:
            if self._store is not None:
                self._store.check_present()
        except StoreGone:
            return True
        return not self._writer.exists()

    def _started_over(self) -> bool:
        """Go on in a new store at the same place, if one can be made there."""
        if not self._place.is_free():
            return False
        from runfolio.journal.read import unfinished

        former, reader = self._writer.path.name, self._ingest.reader if self._ingest else None
        points, events = (reader.points_end, reader.events_end) if reader else (0, 0)
        try:
            self._writer.begin_again(points, lambda data, name: unfinished(data, events, former, name))
        except OSError as error:
            self._tell(error)
            return False
        if self._store is not None:
            self._store.close()
        self._store = self._ingest = None
        return True

    def _opened(self) -> Ingest:
        if self._ingest is None:
            from runfolio.store import open_store
            from runfolio.store.ingest import open_ingest

            if self._store is None:
                if not self._writer.exists():  # else a new store would stand where the old one comes back to
                    raise StoreGone(f"The store {self._folder} is gone.")
                self._store = open_store(self._folder)
            self._ingest = open_ingest(self._store, self._writer.path)
            self._recovered = False
        return self._ingest

    def _tell(self, error: Exception) -> None:
        if not self._told and time.monotonic() >= self._silent_until:
            self._told, self._silent_until = True, time.monotonic() + SILENCE
            log.warning("%s Logging goes on and is brought in later. (%s)", error, self._folder)
