"""What the code says to users: the sentences that `make messages` collects from the syntax of each file."""

import ast
from collections.abc import Iterator
from pathlib import Path

# Arguments of a call that are sentences, by the name of what is called: an error, or what makes one.
CALLS = {
    "InputProblem": (0, 1),
    "problem": (0, 2),
    "problem_in": (2, 3),
    **dict.fromkeys(("refuse", "refuse_if_whole"), (1, 2)),
    "sentence": (0,),
    **dict.fromkeys(("WarehouseFault", "ServerFault", "WrongCredentials"), (0,)),
    **dict.fromkeys(("NoRelease", "NoSuchRelease", "NoForm", "UnknownAgency", "Undescribed"), (0,)),
    **dict.fromkeys(("WrongUsage", "WrongSetting", "MisplacedOutput", "UnanswerableQuestion"), (0,)),
}
# Variables and constants that hold a sentence until it is said.
VARIABLES = {"what", "remedy", "fault", "DISAGREES", "REMEDY", "SHORTEN", "BINARY", "BINARY_FORMATS"} | {
    f"_{name}" for name in ("REMEDY", "WHOLE", "REMEDIES", "SENTENCES", "FAULTS", "OTHERS", "ORPHAN")
}
_FOLDERS = "flows", "transforms"

Sentence = str | tuple[str, str]


def sentences_of_code(root: Path) -> Iterator[tuple[Sentence, str]]:
    """Yield each sentence, or its two forms, and the file that says it."""
    for folder in _FOLDERS:
        for path in sorted((root / folder).rglob("*.py")):
            place = path.relative_to(root).as_posix()
            tree = ast.parse(path.read_text(encoding="utf-8"))
            yield from dict.fromkeys((sentence, place) for node in ast.walk(tree) for sentence in _sentences(node))


def _sentences(node: ast.AST) -> Iterator[Sentence]:
    if isinstance(node, ast.Call) and called(node) == "sentences":
        singular, plural = (ast.literal_eval(one) for one in node.args)
        yield singular, plural
    for part in sentence_nodes(node):
        yield from _constants(part)


def sentence_nodes(node: ast.AST) -> Iterator[ast.expr]:
    """Yield the expressions of a call or an assignment that are sentences."""
    if isinstance(node, ast.Call):
        yield from (node.args[place] for place in CALLS.get(called(node), ()) if place < len(node.args))
    elif isinstance(node, ast.Assign) and any(name in VARIABLES for target in node.targets for name in _names(target)):
        yield node.value


def _names(target: ast.expr) -> Iterator[str]:
    return (one.id for one in ast.walk(target) if isinstance(one, ast.Name))


def called(call: ast.Call) -> str:
    """Return the last name of what is called, or nothing."""
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _constants(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an expression may be: of a choice each, of a table the values, of a call none."""
    if isinstance(node, ast.Constant):
        yield from (node.value,) if isinstance(node.value, str) and node.value else ()
    elif isinstance(node, ast.IfExp):
        yield from [*_constants(node.body), *_constants(node.orelse)]
    elif isinstance(node, ast.BoolOp | ast.Dict):
        yield from (one for value in node.values for one in _constants(value))
    elif isinstance(node, ast.Tuple | ast.List):
        yield from (one for value in node.elts for one in _constants(value))
