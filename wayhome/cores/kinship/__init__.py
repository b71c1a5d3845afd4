"""Pedigrees and what was seen in, exact likelihoods out. Method: docs/methods/kinship.md."""

from .cases import Case, read_case
from .chance import expected_strangers
from .events import Event, read_event
from .evidence import ANY, Detection, Genotype
from .faults import KinshipError, MalformedCase, TooLarge
from .joint import Joint, identify
from .likelihood import genotype_table, joint_likelihood, likelihood
from .markers import Marker
from .mutation import MutationModel, transition_matrix
from .pedigree import Pedigree, Person
from .ratios import Result, Unexplained, solve, unexplained
from .sensitivity import Varied, sensitivity

__all__ = [
    "ANY",
    "Case",
    "Detection",
    "Event",
    "Genotype",
    "Joint",
    "KinshipError",
    "MalformedCase",
    "Marker",
    "MutationModel",
    "Pedigree",
    "Person",
    "Result",
    "TooLarge",
    "Unexplained",
    "Varied",
    "expected_strangers",
    "genotype_table",
    "identify",
    "joint_likelihood",
    "likelihood",
    "read_case",
    "read_event",
    "sensitivity",
    "solve",
    "transition_matrix",
    "unexplained",
]
