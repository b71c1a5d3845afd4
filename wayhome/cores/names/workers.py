"""Processes of this machine that go through lots of work and remember what they met.

They are forked all at once, and share what their parent held then. A lot goes to the same of them
whatever is done to it: who looked up its words while learning knows them when ranking. They end
with their parent, however it ends, in the middle of a lot and without a word.
"""

import contextlib
import gc
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Progress = Callable[[int, int], None]
WATCH_SECONDS = 0.2  # between two looks whether the parent is there


class Workers:
    """So many processes; `spread` goes through lots, what comes of each in their order."""

    def __init__(self, count: int) -> None:
        fork = multiprocessing.get_context("fork")
        self._pipes: list[Connection] = []
        self._processes = []
        for _ in range(count):
            ours, theirs = fork.Pipe()
            self._pipes.append(ours)
            self._processes.append(
                fork.Process(target=_serve, args=(os.getpid(), theirs, self._pipes), daemon=True)
            )
            self._processes[-1].start()
            theirs.close()

    def spread(
        self,
        lots: Sequence[Sequence[Item]],
        work: Callable[[Any], list[Result]],
        progress: Progress,
    ) -> Iterator[Result]:
        """All results, and after each lot how many are done. Raises what a worker raised."""
        for pipe in self._pipes:
            pipe.send(work)
        count = len(self._pipes)
        turns = {pipe: iter(range(x, len(lots), count)) for x, pipe in enumerate(self._pipes)}
        doing: dict[Any, int] = {}
        found: dict[int, list[Result]] = {}
        free = list(self._pipes)
        for done in range(len(lots)):
            while done not in found:
                for pipe in free:
                    for number in turns[pipe]:
                        pipe.send(lots[number])
                        doing[pipe] = number
                        break
                free = [x for x in wait(list(doing)) if isinstance(x, Connection)]
                for pipe in free:
                    found[doing.pop(pipe)] = _received(pipe)
            yield from found.pop(done)
            progress(done + 1, len(lots))

    def close(self) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.join()
        for pipe in self._pipes:
            pipe.close()


@contextmanager
def workers(count: int) -> Iterator[Workers]:
    """As `Workers`; they are gone afterwards."""
    found = Workers(count)
    try:
        yield found
    finally:
        found.close()


def beside(work: Callable[[Item], Result], about: Item) -> Callable[[], Result]:
    """Begin something in a process of its own; what is given back waits for what came of it."""
    fork = multiprocessing.get_context("fork")
    ours, theirs = fork.Pipe(duplex=False)
    arguments = os.getpid(), theirs, work, about
    process = fork.Process(target=_do_beside, args=arguments, daemon=True)
    process.start()
    theirs.close()

    def result() -> Result:
        found: Result = _received(ours)
        process.join()
        ours.close()
        return found

    return result


def _do_beside(parent: int, pipe: Connection, work: Callable[[Any], Any], about: Any) -> None:
    _end_with(parent)
    _answer(pipe, work, about)


def _end_with(parent: int) -> None:
    """In a worker: be there no longer than the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it too, and ends this process
    threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    os._exit(0)


def _answer(pipe: Connection, work: Callable[[Any], Any], about: Any) -> None:
    """Send what comes of some work, or what went wrong; nothing if nobody is there to hear it."""
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        try:
            pipe.send(work(about))
        except Exception as error:
            pipe.send(error)


def _received(pipe: Connection) -> Any:
    try:
        result = pipe.recv()
    except EOFError:
        raise RuntimeError("A process that helped has ended before its work was done.") from None
    if isinstance(result, Exception):
        raise result
    return result


def _serve(parent: int, pipe: Connection, of_parent: Sequence[Connection]) -> None:
    """In a worker: do to each lot what was told last, until the parent is gone."""
    for other in of_parent:
        other.close()
    _end_with(parent)
    gc.freeze()  # what was there before need not be looked through for garbage
    work: Any = None
    while True:
        try:
            told = pipe.recv()
        except (EOFError, ConnectionResetError):
            return
        if callable(told):
            work = told
            continue
        _answer(pipe, work, told)
