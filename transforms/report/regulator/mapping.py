"""How examinations were mapped to procedures, for the restricted report of the authority."""

from __future__ import annotations

from transforms.report.frame.blocks import COUNT, LABEL, SHARE, Block, Column, Source
from transforms.report.frame.catalogue import Catalogue, msg
from transforms.report.frame.document import Part

MAPPED = Block(
    "mapped",
    msg("Examinations mapped to a procedure"),
    "restricted_regulator/mapping.sql",
    (
        Column("modality", msg("Modality"), LABEL),
        Column("n_examinations", msg("Examinations"), COUNT),
        Column("n_mapped", msg("mapped to a procedure"), COUNT),
        Column("mapped_share", msg("Share"), SHARE),
        Column("n_mapped_unreviewed", msg("of these by a row without a reviewer"), COUNT),
        Column("unreviewed_share", msg("Share"), SHARE),
        Column("n_undecided", msg("not yet mapped"), COUNT),
    ),
    note=msg(
        "A row is a mapping rule, or a row of concept_procedures.csv. With the command drlake "
        "build --reviewed-only, decisions by rows without a reviewer do not count."
    ),
    empty=msg("Nothing has been received yet."),
)


def mapping_part(source: Source, catalogue: Catalogue) -> Part:
    """How many examinations were mapped, and how many of these by rows that nobody reviewed."""
    title = catalogue.say("Names of examinations")
    return Part("mapping-part", title, blocks=(source.fill(MAPPED, catalogue),))
