"""Child processes of the tests."""

import os
import signal
import sys
import time

import psutil
import pytest

from tests.support.ports import free_port
from tests.support.process import Process, ProcessFailed


def python(program: str, **options: str) -> Process:
    return Process([sys.executable, "-u", "-c", program], name="program", env=options)


def test_a_line_can_be_waited_for() -> None:
    with python(
        "import time; print('one'); time.sleep(0.2); print('ready on 8000'); time.sleep(60)"
    ) as process:
        assert process.wait_for_line(r"ready on (\d+)")[1] == "8000"
        assert process.lines == ["one", "ready on 8000"]
        assert process.wait_for_line("one")


def test_an_end_without_the_line_is_told_with_the_output() -> None:
    with (
        python("import sys; sys.exit('no database')") as process,
        pytest.raises(ProcessFailed, match="no database"),
    ):
        process.wait_for_line("ready")


def test_silence_is_told() -> None:
    with (
        python("import time; time.sleep(60)") as process,
        pytest.raises(ProcessFailed, match=r"printed no line like 'ready' in 0\.3 s"),
    ):
        process.wait_for_line("ready", timeout=0.3)


def test_a_port_can_be_waited_for() -> None:
    port = free_port()
    program = f"import socket, time; s = socket.create_server(('127.0.0.1', {port})); time.sleep(60)"
    with python(program) as process:
        process.wait_for_port(port)
    with python("pass") as process, pytest.raises(ProcessFailed, match="did not listen on port"):
        process.wait_for_port(port, timeout=5)


def test_the_environment_is_ours_and_what_is_added() -> None:
    program = "import os; print(os.environ['PATH']); print(os.environ['GREETING'])"
    with python(program, GREETING="bonjour") as process:
        assert process.wait() == 0
        assert process.lines == [os.environ["PATH"], "bonjour"]


def test_a_process_that_will_not_stop_is_killed() -> None:
    program = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(60)"
    )
    process = python(program)
    process.wait_for_line("deaf")
    assert process.terminate(timeout=0.3) == -signal.SIGKILL


def test_a_kill_takes_the_children_too() -> None:
    program = (
        "import subprocess, sys, time\n"
        "sleep = [sys.executable, '-c', 'import time; time.sleep(60)']\n"
        "child = subprocess.Popen(sleep, start_new_session=True)\n"
        "print(child.pid); time.sleep(60)"
    )
    process = python(program)
    child = int(process.wait_for_line(r"^\d+$")[0])
    assert process.kill() == -signal.SIGKILL
    assert not psutil.pid_exists(child)


def test_a_child_does_not_outlive_a_killed_test_run() -> None:
    program = (
        "from tests.support.process import Process\n"
        "import sys, time\n"
        "child = Process([sys.executable, '-u', '-c', 'import time; print(1); time.sleep(60)'])\n"
        # Until its first line it may not be on its leash yet.
        "child.wait_for_line('1'); print(child.pid); time.sleep(60)"
    )
    process = python(program, PYTHONPATH=os.getcwd())
    child = psutil.Process(int(process.wait_for_line(r"^\d+$")[0]))
    process.signal(signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + 10
    while child.is_running() and child.status() != psutil.STATUS_ZOMBIE and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_ports_are_given_once() -> None:
    ports = [free_port() for _ in range(200)]
    assert len(set(ports)) == 200
