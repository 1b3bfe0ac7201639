"""A decoder that dies on certain objects, for the pool's tests: workers import it by name."""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Mapping, Sequence

from transforms.dicom.reader import ReportReader
from transforms.lake.pseudonyms import Pseudonyms
from transforms.normalise.rows import ObjectKeys, Row
from transforms.pipeline.decode_job import decode_object

EXIT, SEGFAULT, SLEEP, LOOP, MEMORY = b"exit", b"segfault", b"sleep", b"loop", b"memory"


def decode_or_die(
    data: bytes, keys: ObjectKeys, pseudonyms: Pseudonyms, reader: ReportReader
) -> Mapping[str, Sequence[Row]]:
    """The real decoder, except for objects that name a way to die."""
    if data.startswith(EXIT):
        os._exit(3)
    if data.startswith(SEGFAULT):
        ctypes.string_at(0)
    if data.startswith(SLEEP):
        time.sleep(600)
    while data.startswith(LOOP):
        pass
    if data.startswith(MEMORY):
        bytearray(1 << 40)
    return decode_object(data, keys, pseudonyms, reader)
