"""The private functions of paramiko that drlake uses, on possible answers of a server."""

from __future__ import annotations

from typing import Any

import paramiko
import pytest
from paramiko.sftp import CMD_CLOSE, CMD_HANDLE, CMD_NAME, CMD_OPENDIR, CMD_READDIR

from transforms.receive.exports.sftp_listing import folder_entries


class Answers:
    """A server with one folder, whose answer announces a number of entries."""

    def __init__(self, said: int, names: list[bytes]) -> None:
        self._message = paramiko.Message()
        self._message.add_int(said)
        for name in names:
            self._message.add_string(name)
            self._message.add_string(b"a line of ls")
            self._message.add_int(0)  # without attributes
        self._message.rewind()
        self.asked: list[int] = []

    def _request(self, kind: int, argument: bytes) -> tuple[int, Any]:
        self.asked.append(kind)
        if kind == CMD_OPENDIR:
            handle = paramiko.Message()
            handle.add_string(b"handle")
            handle.rewind()
            return CMD_HANDLE, handle
        if kind == CMD_READDIR and self.asked.count(CMD_READDIR) > 1:
            raise EOFError
        return CMD_NAME, self._message


def test_names_that_are_no_utf_8_are_listed_as_bytes() -> None:
    server: Any = Answers(3, [b".", b"..", b"M\xfcller.dcm"])
    found = list(folder_entries(server, b"/out", lambda number: None))
    assert [name for name, _ in found] == [b"M\xfcller.dcm"]
    assert server.asked == [CMD_OPENDIR, CMD_READDIR, CMD_READDIR, CMD_CLOSE]


def test_a_number_of_entries_is_checked_before_any_is_read() -> None:
    """A server can announce four thousand million entries and send none."""

    def check(number: int) -> None:
        if number > 1000:
            raise ValueError(number)

    server: Any = Answers(2**32 - 1, [])
    with pytest.raises(ValueError, match="4294967295"):
        list(folder_entries(server, b"/out", check))
