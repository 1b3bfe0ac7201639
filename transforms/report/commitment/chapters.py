"""The four commitments: titles, background, sources and blocks of each chapter."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.report.commitment import blocks as blocks
from transforms.report.frame.blocks import Block
from transforms.report.frame.catalogue import msg


@dataclass(frozen=True, slots=True)
class Chapter:
    """One commitment; `title` and `background` are message ids, `sources` are URLs."""

    number: int
    title: str
    background: tuple[str, ...]
    sources: tuple[str, ...]
    measured: tuple[Block, ...] = ()
    declared: tuple[Block, ...] = ()


JUNE_2014 = "https://www.herca.org/authorities-and-industry-working-together-on-medical-radiation-protection/"
NOVEMBER_2017 = (
    "http://pr.euractiv.com/pr/effective-collaboration-between-authorities-and-industry-"
    "medical-radiation-protection-160601"
)
SERIES = "https://herca.org/?p=3638"
MEETING_2017 = "https://herca.org/?p=3475"
CHAPTERS = (
    Chapter(
        1,
        msg("Characterisation of CT systems by standardised benchmarking"),
        (
            msg(
                "Industry and HERCA agreed in December 2013 to reword this commitment. Industry "
                "then designed a reference phantom for head and body that measures low-contrast "
                "detectability against dose."
            ),
        ),
        (
            "https://dokumen.tips/documents/"
            "ct-manufacturers-voluntary-commitment-cocir-ct-manufacturers-annual.html",
            NOVEMBER_2017,
        ),
        (blocks.GENERATIONS,),
        (blocks.BENCHMARKS,),
    ),
    Chapter(
        2,
        msg("Implementation of dose-reduction measures"),
        (
            msg(
                "The statement of HERCA and COCIR of June 2014 names iterative reconstruction and "
                "features that adapt dose to patient size and diagnosis."
            ),
            msg(
                "According to a statement of November 2017, modern scanners have these tools. "
                "Dose reports show whether they are used in the installed base."
            ),
        ),
        (JUNE_2014, NOVEMBER_2017),
        (blocks.FEATURES, blocks.FEATURES_BY_AGE, blocks.FEATURES_BY_YEAR),
        (blocks.AVAILABILITY, blocks.DECLARATIONS),
    ),
    Chapter(
        3,
        msg("Dose management and reporting"),
        (
            msg(
                "According to the statement of June 2014, the CT systems of the manufacturers in "
                "COCIR display dose values and can export them. For each protocol, values that "
                "should not be exceeded can be set."
            ),
        ),
        (JUNE_2014,),
        (),
        (blocks.DECLARATIONS,),
    ),
    Chapter(
        4,
        msg("Provision of specific training curricula"),
        (
            msg(
                "HERCA's position paper of 22 October 2014 names four stakeholders: "
                "manufacturers, physicians, technologists and medical physicists. Manufacturers "
                "train their own staff and offer training to the other three."
            ),
            msg("EUTEMPE-RX, a programme for medical physicists, has twelve modules."),
        ),
        (SERIES, MEETING_2017),
        (),
        (blocks.TRAINING,),
    ),
)
