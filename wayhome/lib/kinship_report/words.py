"""The words of the report, in English, marked for translators."""

from collections.abc import Mapping


def _(text: str) -> str:
    return text


WORDS: Mapping[str, str] = {
    "title": _("Kinship: likelihood ratios"),
    "case": _("Case"),
    "made_at": _("Made on"),
    "page": _("page"),
    "of": _("of"),
    "for_whom": _(
        "For the geneticist, the board and the court. Not for a family: what speaks against a "
        "told kinship is for the geneticist alone. Persons stand here by code."
    ),
    "answer": _("Result"),
    "answer_says": _(
        "How much likelier everything that was seen is by each hypothesis than by the reference,"
    ),
    "hypothesis": _("Hypothesis"),
    "reference": _("reference"),
    "lr": _("Likelihood ratio (LR)"),
    "prior": _("Prior, as stated"),
    "posterior": _("Posterior"),
    "posterior_says": _(
        "The posterior is prior times likelihood, divided by the sum of that over the "
        "hypotheses (Bayes). They are taken as all there are. The prior was stated by whoever "
        "asked for this report."
    ),
    "no_prior": _(
        "No prior was stated, so there is no posterior. A likelihood ratio is no probability: "
        "it says how the evidence weighs, not how likely a hypothesis is."
    ),
    "not_identification": _("This is evidence before a board. By itself it identifies nobody."),
    "no_mutation": _(
        "No mutation model is on. A single mutation then makes a true kinship look impossible."
    ),
    "hypotheses": _("Hypotheses"),
    "seen": _("What was seen"),
    "marker": _("Marker"),
    "seen_says": _(
        "– is an allele that was not seen and may be any; in braces stands what was detected "
        "in a poor sample. Empty: not typed."
    ),
    "by_marker": _("Marker by marker"),
    "likelihood": _("Likelihood"),
    "by_marker_says": _(
        "Genotypes are told without order, so that a heterozygous founder counts 2pq. The LR "
        "of all markers together is their product."
    ),
    "haplotypes": _("Haplotypes"),
    "unexplained": _("Markers that do not fit"),
    "unexplained_none": _(
        "Every marker fits every hypothesis without a mutation or a silent allele."
    ),
    "unexplained_says": _(
        "As few persons as cannot be together. A single mismatch is no exclusion."
    ),
    "go_together": _("go together under"),
    "only_by": _("only by a mutation or a silent allele, which this case allows"),
    "in_no_way": _("in no way"),
    "sensitivity": _("What the result hangs on"),
    "sensitivity_says": _(
        "The case computed again with one assumption changed at a time: log10 LR."
    ),
    "assumption": _("Assumption"),
    "assumed": _("What was assumed"),
    "frequencies": _("Frequencies"),
    "theta": _("Co-ancestry (theta)"),
    "mutation": _("Mutation"),
    "mothers": _("mothers"),
    "fathers": _("fathers"),
    "silent": _("Silent alleles, their share"),
    "drop_out": _("Drop-out and drop-in"),
    "linked": _("Linked markers"),
    "added": _("Alleles that the table had not, added at"),
    "unrelated": _("Taken as unrelated"),
    "notes": _("To be known"),
    "converted": _("How the case came about"),
    "none": _("none"),
    "repeat": _("To compute it again"),
    "repeat_says": _(
        "The case itself is attached to this PDF as case.json; its SHA-256 is told here. With "
        "the same version of the program:"
    ),
    "file": _("File"),
    "sha256": _("SHA-256 of the case"),
    "engine": _("Engine"),
    "method": _("Method: docs/methods/kinship.md, with every formula and its source."),
    "tables": _("Frequencies of alleles"),
    "signed": _("Signatures"),
    "analyst": _("Analyst, by number"),
    "second": _("Second reader, by number"),
    "date": _("Date"),
}
