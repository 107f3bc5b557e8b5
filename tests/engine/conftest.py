"""One supervisor, and with it one preloader, for all tests with real child processes."""

import dataclasses

import pytest

from cnnviz.engine.processes.supervisor import Supervisor
from cnnviz.settings import Settings

LIMITS = dataclasses.replace(Settings(), max_runs=2, max_queue=12, grace_seconds=2)


@pytest.fixture(scope="session")
def supervisor():
    one = Supervisor(limits=LIMITS, slice_seconds=0.2)
    one.preload()
    assert one.launcher.ready.wait(150)
    yield one
    one.close()
    assert not one.launcher.pid
