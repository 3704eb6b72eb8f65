"""Sentences to users in the code, which `make messages` collects from the syntax of each file."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

# Arguments of a call that are sentences, by the name of an error or of a function that makes one.
CALLS = {
    "InputProblem": (0, 1),
    "problem": (0, 2),
    "problem_in": (2, 3),
    **dict.fromkeys(("refuse", "refuse_if_whole"), (1, 2)),
    "sentence": (0,),
    "PydanticCustomError": (1,),
    **dict.fromkeys(("WarehouseFault", "ServerFault", "WrongCredentials"), (0,)),
    **dict.fromkeys(("NoRelease", "NoSuchRelease", "NoForm", "UnknownAgency", "Undescribed"), (0,)),
    **dict.fromkeys(("WrongUsage", "WrongSetting", "MisplacedOutput", "UnanswerableQuestion"), (0,)),
}
# Variables and constants that hold a sentence for a later call.
VARIABLES = {"what", "remedy", "fault", "DISAGREES", "REMEDY", "SHORTEN", "BINARY", "BINARY_FORMATS"} | {
    f"_{name}" for name in ("REMEDY", "WHOLE", "REMEDIES", "SENTENCES", "FAULTS", "OTHERS", "ORPHAN")
}

Sentence = str | tuple[str, str]


@cache
def sentences_of_code(root: Path) -> list[tuple[Sentence, str]]:
    """Return each sentence, or its two forms, and the file that has it."""
    collected: list[tuple[Sentence, str]] = []
    for folder in ("flows", "transforms"):
        for path in sorted((root / folder).rglob("*.py")):
            place = path.relative_to(root).as_posix()
            tree = ast.parse(path.read_text(encoding="utf-8"))
            collected += dict.fromkeys((sentence, place) for node in ast.walk(tree) for sentence in _sentences(node))
    return collected


def _sentences(node: ast.AST) -> Iterator[Sentence]:
    if isinstance(node, ast.Call) and called(node) == "sentences":
        singular, plural = map(ast.literal_eval, node.args)
        yield singular, plural
    for part in sentence_nodes(node):
        yield from _constants(part)


def sentence_nodes(node: ast.AST) -> Iterator[ast.expr]:
    """Yield the expressions of a call or an assignment that are sentences."""
    if isinstance(node, ast.Call):
        yield from (node.args[place] for place in CALLS.get(called(node), ()) if place < len(node.args))
    elif isinstance(node, ast.Assign):
        names = {name.id for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)}
        if names & VARIABLES:
            yield node.value


def called(call: ast.Call) -> str:
    """Return the last part of the name of what is called, or an empty text."""
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _constants(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an expression, or a part of a table, may be; a call has its own."""
    match node:
        case ast.Constant(value=str(text)) if text:
            yield text
        case ast.IfExp(body=part, orelse=other):
            yield from [*_constants(part), *_constants(other)]
        case ast.BoolOp(values=parts) | ast.Dict(values=parts) | ast.Tuple(elts=parts) | ast.List(elts=parts):
            yield from (text for part in parts for text in _constants(part))
