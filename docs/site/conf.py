"""How script/docs makes the site."""

import re
import socket
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Generic, TypeVar

import numpy.typing
import sphinxcontrib.katex
from sphinx.util.inspect import signature as signature_of, stringify_signature
from sphinx.util.logging import getLogger

HERE = Path(__file__).resolve().parent
SOURCES = HERE.parents[1] / "build/docs"

sys.path.insert(0, str(HERE))
from cpp_pages import prose, write_pages  # noqa: E402

write_pages(SOURCES / "xml", SOURCES / "cpp")


# Types are shown by these names, not as what they stand for.
class ArrayLike:
    __module__ = "numpy.typing"


class NDArray(Generic[TypeVar("Number")]):
    __module__ = "numpy.typing"


numpy.typing.ArrayLike, numpy.typing.NDArray = ArrayLike, NDArray

project = "initlaw"
smartquotes = False
html_title = "initlaw"
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinxcontrib.katex"]
exclude_patterns = ["docs/site/contents.md", "doctrees", "katex", "xml"]
# Names of other libraries, whose documentation lies elsewhere.
nitpick_ignore_regex = [("py:class", r"(collections\.abc|nn|numpy|os|pandas|torch)\..*|Axes|initlaw\._estimate\.T")]

html_theme = "furo"
html_static_path = ["style.css", str(SOURCES / "katex")]
html_css_files = ["style.css"]
html_extra_path = [str(SOURCES / "explorer.html")]
html_copy_source = False
html_show_sphinx = False
# It would ask for the pages found, which a page in a folder may not.
html_show_search_summary = False
toc_object_entries_show_parents = "hide"

myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"
nb_merge_streams = True


class PatientSocket(socket.socket):
    """The server of formulas has a socket before it listens, and the extension does not ask twice."""

    def connect(self, address):
        for _ in range(5000):
            try:
                return super().connect(address)
            except ConnectionRefusedError:
                time.sleep(0.001)
        raise ConnectionRefusedError(address)


sphinxcontrib.katex.socket = SimpleNamespace(**{**vars(socket), "socket": PatientSocket})
katex_prerender = True
katex_css_path = "katex.min.css"
katex_js_path = "/usr/share/javascript/katex/katex.min.js"

autodoc_member_order = "groupwise"
autodoc_mock_imports = ["matplotlib", "pandas", "torch"]
python_use_unqualified_type_names = True


def read_docstring(app, what, name, obj, options, lines):
    """Docstrings are read as comments are; nanobind's come with the signature of a property and those of overloads."""
    text = "\n".join(lines).replace("Overloaded function.\n\n", "")
    getter = getattr(getattr(obj, "fget", None), "__nb_signature__", None)
    if getter:
        kind = re.sub(r"[\w.]+\.(\w+)", r"\1", getter[0][0].split(" -> ")[1])
        text = f"`{kind}` {text}"
    blocks = re.split(r"\n\n", text)
    lines[:] = "\n\n".join(block if block.startswith("    ") else prose(block) for block in blocks).splitlines()


def read_signature(app, what, name, obj, options, signature, result):
    if signature == "(*args: Any, **kwargs: Any)":  # of a base class that is not there
        signature = stringify_signature(signature_of(obj.__init__), show_return_annotation=False)
    return signature and re.sub(r"^\(self(, )?", "(", signature).replace("<factory>", "..."), result


def require_all(app, environment):
    import initlaw

    documented = environment.domains.python_domain.objects
    for name in initlaw.__all__:
        if name != "__version__" and f"initlaw.{name}" not in documented:
            getLogger(__name__).warning("initlaw.%s is not in the reference: give it a docstring", name)


def setup(app):
    app.connect("autodoc-process-signature", read_signature)
    app.connect("autodoc-process-docstring", read_docstring)
    app.connect("env-check-consistency", require_all)
