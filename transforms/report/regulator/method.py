"""Describes the method and the quantities, from the reference tables."""

from __future__ import annotations

from transforms.report.frame.blocks import FilledBlock
from transforms.report.frame.catalogue import Catalogue
from transforms.report.frame.document import Part
from transforms.report.frame.labels import CTDIVOL_RULES, PATIENT_SELECTIONS
from transforms.report.frame.numbers import unit_text
from transforms.report.frame.reference import Method, Reference


def method_name(catalogue: Catalogue, method: Method) -> str:
    """Label and version of a method as text."""
    label = catalogue.label(method.label)
    return catalogue.say("{method}, version {version}", method=label, version=method.method_version)


def method_part(catalogue: Catalogue, method: Method, *blocks: FilledBlock) -> Part:
    """How the levels were computed, from the method's row in methods.csv."""
    say = catalogue.say
    statistic = say("median") if method.site_statistic == "median" else say("mean")
    units = {
        "facility": say("A facility's typical value"),
        "device": say("A device's typical value"),
        "examination": say("A value"),
    }
    sentences = (
        say(
            "{unit} is the {statistic} of a dose quantity over the examinations of one procedure "
            "in one patient group. It is used only if it is based on at least {n} examinations.",
            unit=units[method.unit_of_analysis],
            statistic=statistic,
            n=method.minimum_examinations,
        ),
        say(
            "The national diagnostic reference level (NDRL) is the {percentile} of these typical "
            "values, each with the same weight; the achievable dose is their {achievable}. Both "
            "are given only where at least {n} facilities contribute. With fewer facilities, the "
            "median is given as a typical value, which is not a reference level.",
            percentile=catalogue.percentile(method.percentile),
            achievable=catalogue.percentile(method.achievable_percentile),
            n=max(method.minimum_facilities, 10),
        ),
        say(
            "Quantiles are interpolated linearly between ordered values (Hyndman and Fan type 7). "
            "The 95 % limits are confidence limits: typical values whose ranks follow from the "
            "exact binomial distribution. A change or a difference is reported only where these "
            "limits support it."
        ),
        say(
            "A reference level is a tool for optimisation, not a dose limit for individual "
            "patients. Doses are shown to three significant digits; comparisons use the values "
            "before this rounding."
        ),
    )
    stated = (
        (say("Method id"), method.method_id),
        (say("Version"), str(method.method_version)),
        (say("Label"), catalogue.label(method.label)),
        (say("Scope"), scope_text(catalogue, method)),
        (
            say("Patient groups"),
            catalogue.label(
                PATIENT_SELECTIONS.get(method.patient_selection, method.patient_selection)
            ),
        ),
        (say("CTDIvol of an examination"), catalogue.label(CTDIVOL_RULES[method.ctdivol_rule])),
        (say("Source"), catalogue.label(method.source)),
        (say("Note"), catalogue.label(method.note)),
    )
    definitions = tuple((word, meaning) for word, meaning in stated if meaning)
    return Part("method", say("Method"), sentences, definitions, blocks)


def scope_text(catalogue: Catalogue, method: Method) -> str:
    """The scope of a method, and of the procedures and quantities for which it is another one."""
    say = catalogue.say
    words = {
        "examination": say("examination"),
        "acquisition": say("acquisition"),
        "view": say("view"),
    }
    others: dict[str, list[str]] = {}
    for one in method.other_scopes:
        named = filter(None, (one.procedure_label, one.quantity_label))
        others.setdefault(one.scope, []).append(", ".join(map(catalogue.label, named)))
    texts = (f"{words[scope]}: {'; '.join(names)}" for scope, names in others.items())
    return ". ".join((words[method.scope], *texts))


def quantity_part(catalogue: Catalogue, reference: Reference) -> Part:
    """The definitions of all quantities."""
    definitions = tuple(
        (
            f"{catalogue.label(quantity.label)} ({unit_text(quantity.unit)})",
            catalogue.label(quantity.definition),
        )
        for quantity in reference.quantities
    )
    return Part("quantities", catalogue.say("Quantities"), (), definitions)
