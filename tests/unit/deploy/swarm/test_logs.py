"""The lines that containers print."""

from deploy.swarm.logs import read_line


def test_a_line_tells_its_time_and_its_container() -> None:
    raw = (
        b"2026-11-25T08:21:41.918628453Z com.docker.swarm.node.id=n,com.docker.swarm.service.id=s,"
        b"com.docker.swarm.task.id=3pkti5zp0hquq8knhdxyft2gu Serving HTTP on  0.0.0.0\n"
    )
    line = read_line(raw)
    assert line.time == "2026-11-25T08:21:41.918628453Z"
    assert line.task == "3pkti5zp0hquq8knhdxyft2gu"
    assert line.text == "Serving HTTP on  0.0.0.0"


def test_an_empty_line_is_a_line() -> None:
    assert read_line(b"2026-11-25T08:21:41.918628453Z com.docker.swarm.task.id=t \n").text == ""
