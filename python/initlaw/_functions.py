"""The native functions as Python's own: with signatures that inspect reads, and pickled by name."""

import __future__

import inspect
import types
from collections.abc import Callable
from typing import Any


def _signature_of(text: str) -> inspect.Signature:
    scope: dict[str, Any] = {}
    exec(compile(f"{text}: ...", "<signature>", "exec", __future__.annotations.compiler_flag), scope)
    return inspect.signature(scope[text.partition("(")[0].removeprefix("def ").strip()])


def _joined(annotations: list[str]) -> str:
    return " | ".join(dict.fromkeys(annotations))


def _signature(overloads: list[inspect.Signature]) -> inspect.Signature:
    """The signature of all overloads, whose parameters have the same names: a type of each has any of theirs."""
    parameters = zip(*(signature.parameters.values() for signature in overloads), strict=True)
    return inspect.Signature(
        [same[0].replace(annotation=same[0].annotation if len(same) == 1 or same[0].name == "self"
                         else _joined([p.annotation for p in same])) for same in parameters],
        return_annotation=_joined([signature.return_annotation for signature in overloads]))


def _python_function(native: Any, module: str) -> Callable[..., Any]:
    texts, docs, _ = zip(*native.__nb_signature__, strict=True)

    def function(*args: Any, **kwargs: Any) -> Any:
        return native(*args, **kwargs)

    function.__name__, function.__qualname__, function.__module__ = native.__name__, native.__qualname__, module
    function.__doc__ = next((doc for doc in docs if doc), None)
    function.__signature__ = _signature([_signature_of(text) for text in texts])  # type: ignore[attr-defined]
    return function


def adopt(module: types.ModuleType) -> None:
    """Replaces the functions of a native module, and the public methods of its classes, by functions of Python's."""
    for owner in (module, *(each for each in vars(module).values() if isinstance(each, type))):
        for name, member in list(vars(owner).items()):
            if not name.startswith("_") and hasattr(member, "__nb_signature__"):
                function = _python_function(member, module.__name__)
                # Of a class, native functions do not bind; methods do.
                is_static = owner is not module and not hasattr(member, "__get__")
                setattr(owner, name, staticmethod(function) if is_static else function)
