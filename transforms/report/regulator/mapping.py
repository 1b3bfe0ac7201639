"""How examinations were mapped to procedures, for the restricted report of the authority."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from transforms.mapping.reviews import error_rate
from transforms.report.frame.blocks import COUNT, LABEL, SHARE, Block, Column, Source
from transforms.report.frame.catalogue import Catalogue, msg
from transforms.report.frame.document import Part

Review = Sequence[Mapping[str, Any]]
"""The rows of a reviewed check sheet; empty if there is none."""

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
        Column("n_doubtful", msg("with a doubtful name"), COUNT),
        Column("n_undecided", msg("not yet mapped"), COUNT),
    ),
    note=msg(
        "A row is a mapping rule, or a row of concept_procedures.csv. With the command drlake "
        "build --reviewed-only, decisions by rows without a reviewer do not count. A name is "
        "doubtful where the scanned length or the dose of at least 10 examinations of a facility "
        "lies outside the 1 to 99 % range of other names of the procedure; it counts until a "
        "person decides."
    ),
    empty=msg("Nothing has been received yet."),
)


def mapping_part(source: Source, catalogue: Catalogue, review: Review) -> Part:
    """How many examinations were mapped, by whom, and the error rate of the newest review."""
    return Part(
        "mapping-part",
        catalogue.say("Names of examinations"),
        _measured(catalogue, review),
        blocks=(source.fill(MAPPED, catalogue),),
    )


def _measured(catalogue: Catalogue, review: Review) -> tuple[str, ...]:
    """The error rate of a review with its limits, as sentences."""
    rate = error_rate(review)
    if rate is None:
        return (
            catalogue.say(
                "No check sheet has been reviewed yet, so there is no error rate: drlake mapping "
                "check-sheet."
            ),
        )
    lower, upper = rate.limits
    return (
        catalogue.say(
            "Share of examinations with a wrong procedure, by the review of {day}: {share} (95 % "
            "limits {lower} to {upper}), {wrong} of {n} draws.",
            day=catalogue.day(review[0]["reviewed_on"]),
            share=catalogue.share(rate.share),
            lower=catalogue.share(lower),
            upper=catalogue.share(upper),
            wrong=catalogue.count(rate.n_wrong),
            n=catalogue.count(rate.n_draws),
        ),
        catalogue.say(
            "Names were drawn with replacement, in proportion to their examinations. The limits "
            "are those of Clopper and Pearson (Biometrika 1934)."
        ),
    )
