"""For all tests: how Hypothesis works here, and that each of its examples asserts something."""

from __future__ import annotations

from examples_assert import pytest_pyfunc_call  # noqa: F401 a hook of pytest, found here by its name
from hypothesis import HealthCheck, settings

# Machines are shared and busy: how long an example took says nothing about the code.
settings.register_profile("cnnviz", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("cnnviz")
