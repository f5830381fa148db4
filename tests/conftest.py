"""Where everything is installed (CI=true), a skipped test is a failure: what was not run was not checked."""

from __future__ import annotations

import os

import pytest


def skipped(config: pytest.Config) -> int:
    """Return how many tests were skipped, when nothing may be."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return len(reporter.stats.get("skipped", ())) if reporter and os.environ.get("CI") == "true" else 0


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if count := skipped(terminalreporter.config):
        terminalreporter.write_line(f"{count} skipped, and CI=true: that fails the run", red=True)


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if skipped(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
