"""For all tests: how Hypothesis works here."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

# Machines are shared and busy: how long an example took says nothing about the code.
settings.register_profile("cnnviz", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("cnnviz")
