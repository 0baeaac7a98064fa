"""The residual stream of a model: where it starts, what is added to it, and what reads it at the end."""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from torch import nn

from ._structure import Atom, Norm, Pointwise, Structure, Unknown, Value, Weights, ancestors
from ._trace import run, unique


class Unreadable(Exception):
    """The first module that is not read, and why."""


@dataclass
class Reading:
    """The blocks, by the operations that make their tensors; statistics of weights come later."""

    stream: list[Value]  #: z_0, ..., z_d
    branches: list[Branch]
    output: Value | None  #: of weights that read z_d, or it normalized
    head: Weights | None
    head_factor: float
    final_norm: bool
    start: list[Atom]
    problems: list[str]
    notes: list[str]


@dataclass
class Branch:
    """From the stream to what is added to it: atoms in the order of computation, and the factor before each."""

    chain: list[Atom]
    factors: list[float]  #: before each atom
    alpha: float
    factor: float  #: of its end in the stream
    name: str = ""  #: in the model

    @property
    def weights(self) -> list[Weights]:
        return [atom for atom in self.chain if isinstance(atom, Weights)]

    @property
    def activations(self) -> list[Pointwise]:
        return [atom for atom in self.chain if isinstance(atom, Pointwise)]


def where(atom: Atom) -> str:
    return atom.name or "the model"


def _why(atoms: list[Atom], since: int = -1) -> str:
    """The first operation after that of index `since` that is not read, of atoms and all that they are made of; or nothing."""
    found = {a: None for atom in atoms for argument in atom.arguments for a in ancestors(argument)} | dict.fromkeys(atoms)
    unknown = sorted((a for a in found if isinstance(a, Unknown) and a.index > since), key=lambda atom: atom.index)
    # Attention begins with views of what it reads, which say less.
    told = next((atom for atom in unknown if atom.why.startswith(("attention", "a softmax"))), None)
    if not unknown:
        return ""
    if told and told.name.rpartition(".")[0] == unknown[0].name.rpartition(".")[0]:
        return f"{where(told)}: {told.why}"
    return f"{where(unknown[0])}: {unknown[0].why}"


def _chain(
    atom: Atom, is_end: Callable[[Value], bool], stream: set[Atom] | None = None
) -> tuple[list[Atom], list[float], Value]:
    """From an end back to the tensor where `is_end`: the atoms on the way, in their order, and the factors before them.

    Raises Unreadable with the first operation, behind the atoms of the stream, that is in the way.
    """
    since = max((atom.index for atom in stream or ()), default=-1)
    chain: list[Atom] = []
    factors: list[float] = []
    while True:
        chain.insert(0, atom)
        if isinstance(atom, Unknown):
            raise Unreadable(_why([atom], since))
        if len(atom.arguments) != 1:
            raise Unreadable(f"{where(atom)}: does not read the stream")
        (argument,) = atom.arguments
        if is_end(argument):
            factors.insert(0, 1.0)
            return chain, factors, argument
        if stream and argument.terms.keys() < stream:
            raise Unreadable(f"{where(chain[0])}: does not read all of the stream before it; blocks in parallel are not read")
        if len(argument.terms) != 1:
            raise Unreadable(_why(list(argument.terms), since) or f"{where(atom)}: reads a sum that is not the stream")
        ((previous, factor),) = argument.terms.items()
        factors.insert(0, factor)
        atom = previous


def _no_start(start: Value) -> str:
    """Why the tensor is no start of a stream."""
    unknown = _why(list(start.terms))
    if unknown:
        return unknown
    # Down the path of the stream, to the first atom that reads a sum.
    atom = first = min(start.terms, key=lambda atom: atom.index)
    while atom.arguments and atom.arguments[0].terms:
        argument = atom.arguments[0]
        if len(argument.terms) > 1 and argument.layers > 1:
            first = atom
        atom = min(argument.terms, key=lambda atom: atom.index)
    atom = first
    does = {Norm: "normalizes the stream itself (post-norm)", Pointwise: "is an activation of the stream itself"}
    what = does.get(type(atom), "has weights in the path of the stream itself")
    return f"{where(atom)}: {what}, which a Network's branches alone do"


def _is_sum_of(atoms: set[Atom], value: Value) -> bool:
    return value.terms.keys() == atoms


def _read_residual(structure: Structure, top: Value, output: Value) -> Reading:
    atoms = sorted(top.terms, key=lambda atom: atom.index)
    problems: list[str] = []
    start: list[Atom] = []
    stream: list[Value] = []
    branches: list[Branch] = []
    for k, atom in enumerate(atoms):
        before = set(atoms[:k])
        if not branches and not before & {found for argument in atom.arguments for found in ancestors(argument)}:
            start.append(atom)
            continue
        try:
            chain, factors, argument = _chain(atom, functools.partial(_is_sum_of, before), before)
        except Unreadable as error:
            problems.append(str(error))
            continue
        read = argument.branching_point
        factors[0] = argument.proportional_to(read.terms) or 1.0
        if stream:
            ratio = Value({a: f for a, f in read.terms.items() if a in stream[-1].terms}, -1, read.tensor, 0)
            found = ratio.proportional_to(stream[-1].terms)
            if found is None:
                problems.append(f"{where(chain[0])}: its stream is no multiple of the block's before it, plus that block")
                continue
            branches[-1].alpha, branches[-1].factor = found, read.terms[branches[-1].chain[-1]]
        stream.append(read)
        branches.append(Branch(chain, factors, 1.0, 1.0))
    if branches and not problems:
        last = Value({a: f for a, f in top.terms.items() if a in stream[-1].terms}, -1, top.tensor, 0)
        alpha_of_last = last.proportional_to(stream[-1].terms)
        if alpha_of_last is None:
            problems.append(f"{where(branches[-1].chain[-1])}: the stream behind it is no multiple of that before it")
        else:
            branches[-1].alpha, branches[-1].factor = alpha_of_last, top.terms[branches[-1].chain[-1]]
    stream.append(top)
    reading = Reading(stream, branches, None, None, 1.0, False, start, problems, [])
    _read_head(reading, top, output)
    return reading


def _read_head(reading: Reading, top: Value, output: Value) -> None:
    if output.terms.keys() == top.terms.keys():
        return
    try:
        if len(output.terms) != 1:
            raise Unreadable("the output is a sum")
        ((last, factor),) = output.terms.items()
        chain, factors, _ = _chain(last, functools.partial(_is_sum_of, set(top.terms)), set(top.terms))
        for atom in chain[:-1]:
            if not isinstance(atom, Norm):
                raise Unreadable(f"{where(atom)}: is more than weights")
        if not isinstance(last, Weights) or len(chain) > 2:
            raise Unreadable(f"{where(last)}: is more than weights")
    except Unreadable as error:
        reading.notes.append(f"the output layer is left out: {error}")
        return
    reading.output, reading.head, reading.final_norm = output, last, len(chain) == 2
    reading.head_factor = factor * math.prod(factors)


def _read_chain(output: Value) -> Reading:
    """A net without skip path."""
    if len(output.terms) != 1:
        raise Unreadable("the output is a sum, and none of its parts a stream")
    ((last, factor),) = output.terms.items()
    chain, factors, read = _chain(last, lambda value: value.layers == 0)
    factors = [*factors[1:], factor]  # behind each atom now
    norm = next((atom for atom in chain if isinstance(atom, Norm)), None)
    if norm:
        raise Unreadable(f"{where(norm)}: is a normalization in a net without skip path, which no Network is")
    if not isinstance(chain[0], Weights):
        raise Unreadable(f"{where(chain[0])}: comes before the first weights")
    values = {id(atom): argument for later, atom in zip(chain[1:], chain, strict=False) for argument in later.arguments}
    values[id(chain[-1])] = output
    stream = [values[id(chain[0])]]
    branches: list[Branch] = []
    head = None
    k = 1
    while k < len(chain):
        if isinstance(chain[k], Weights):
            if k + 1 < len(chain) or not branches:
                raise Unreadable(f"{where(chain[k])}: no activation before it")
            head = chain[k]
        elif k + 1 < len(chain) and isinstance(chain[k + 1], Weights):
            branches.append(Branch(chain[k : k + 2], [1.0, factors[k]], 0.0, factors[k + 1]))
            stream.append(values[id(chain[k + 1])])
            k += 1
        else:
            raise Unreadable(f"{where(chain[k + 1])}: follows an activation")
        k += 1
    if not branches:
        raise Unreadable("the model has no activation between weights")
    reading = Reading(stream, branches, None, None, 1.0, False, [chain[0]], [], [])
    if head is not None:
        assert isinstance(head, Weights)
        reading.output, reading.head, reading.head_factor = output, head, factors[-1]
    return reading


def read(model: nn.Module, inputs: Any) -> Reading:
    """The stream of a model, and what is added to it. Raises Unreadable if there is none."""
    structure = Structure()
    output = structure[run(model, inputs, structure, evaluating=True)]
    output, left_out = _without_last_functions(output)
    reading = _read_stream(structure, output)
    for branch, name in zip(reading.branches, _names(reading.branches), strict=True):
        branch.name = name
    reading.notes += left_out
    return reading


def _names(branches: list[Branch]) -> list[str]:
    """The modules that hold the branches, where each has its own, or else their last weights."""

    def common(chain: list[Atom]) -> str:
        parts = [atom.name.split(".")[:-1] for atom in chain] if len(chain) > 1 else [chain[0].name.split(".")]
        same = itertools.takewhile(lambda level: len(set(level)) == 1, zip(*parts, strict=False))
        return ".".join(level[0] for level in same)

    names = [common(branch.chain) for branch in branches]
    if len(set(names)) < len(names) or not all(names):
        names = [branch.chain[-1].name for branch in branches]
    return unique(names)


def _without_last_functions(output: Value) -> tuple[Value, list[str]]:
    """What a last softmax, activation or normalization reads, and their names."""
    notes = []
    while len(output.terms) == 1:
        (last,) = output.terms
        is_softmax = isinstance(last, Unknown) and last.why.startswith("a softmax")
        if not (isinstance(last, (Norm, Pointwise)) or is_softmax) or len(last.arguments) != 1:
            break
        notes.append(f"{where(last)}, the last function, is left out")
        (output,) = last.arguments
    return output, notes


def _read_stream(structure: Structure, output: Value) -> Reading:
    tops = [value for value in structure.values if len(value.terms) > 1]
    if not tops:
        try:
            return _read_chain(output)
        except Unreadable as error:
            raise Unreadable(_why(list(output.terms)) or str(error)) from None
    most = max(len(value.terms) for value in tops)
    top = [value for value in tops if len(value.terms) == most][-1]
    reading = _read_residual(structure, top, output)
    if not reading.branches and not reading.problems:
        raise Unreadable(_why(list(output.terms)) or _no_start(top))
    if reading.branches and reading.stream[0].layers > 1:
        why = _no_start(reading.stream[0])
        if not reading.problems:
            raise Unreadable(why)
        reading.problems.insert(0, why)
    return reading
