"""The reference of the public headers: a page of reStructuredText for each, in the order of the source, from Doxygen's XML."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path


SPECIAL = re.compile(r"(?P<ticks>`+)(?P<code>.+?)(?P=ticks)|docs/(?P<page>[\w-]+)\.md|[\\*|_]", re.DOTALL)


def prose(text):
    """Text of a comment or docstring as reStructuredText. Only `code` and the name of a page in docs/ mean anything in it."""
    def mark(found):
        if found["code"]:
            return rf"\ ``{found['code']}``\ "
        if found["page"]:
            return rf"\ :doc:`{found[0]} </docs/{found['page']}>`\ "
        return "\\" + found[0]

    return SPECIAL.sub(mark, text)


def _text(element):
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip() if element is not None else ""


def _paragraph(element):
    text = prose(element.text or "")
    for child in element:
        if child.tag == "verbatim":
            text += "\n\n.. code-block:: text\n\n" + re.sub("^", "   ", child.text.strip("\n"), flags=re.MULTILINE) + "\n\n"
        else:
            text += prose(f"`{_text(child)}`" if child.tag == "computeroutput" else {"ndash": "--"}.get(child.tag, _text(child)))
        text += prose(child.tail or "")
    return text


def _comment(element):
    return [_paragraph(para) for part in ("briefdescription", "detaileddescription") for para in element.findall(f"{part}/para")]


def _entry(directive, declaration, body):
    lines = "\n\n".join(body).splitlines()
    return "\n".join([f".. cpp:{directive}:: {declaration}", "", *("   " + line if line else "" for line in lines), ""])


def _declaration(member):
    """What the source declares, without what only its implementation needs."""
    template = ", ".join(_text(parameter) for parameter in member.findall("templateparamlist/param"))
    words = [f"template <{template}>"] if template else []
    words += [word for word in ("static", "explicit") if member.get(word) == "yes"]
    arguments = re.sub(r"\s*=\s*default$", "", member.findtext("argsstring") or "")
    return " ".join([*words, _text(member.find("type")), (member.findtext("name") + arguments), _text(member.find("initializer"))]).strip()


def _member(member):
    kind = member.get("kind")
    if kind == "enum":
        values = [_entry("enumerator", value.findtext("name"), _comment(value)) for value in member.findall("enumvalue")]
        return _entry("enum-class" if member.get("strong") == "yes" else "enum", member.findtext("name"), _comment(member) + values)
    directive = {"function": "function", "variable": "var", "typedef": "type"}[kind]
    declaration = _declaration(member)
    return _entry(directive, re.sub(r"^using \w+ = ", "", declaration), _comment(member))


def _line(element):
    return int(element.find("location").get("line"))


def _public_members(compound):
    members = [member for section in compound.findall("sectiondef") for member in section.findall("memberdef")
               if member.get("prot") == "public" and member.get("kind") != "friend"]
    return [_member(member) for member in sorted(members, key=_line)]


def _class(compound):
    template = ", ".join(_text(parameter) for parameter in compound.findall("templateparamlist/param"))
    name = compound.findtext("compoundname").removeprefix("initlaw::")
    declaration = f"template <{template}> {name}" if template else name
    return _entry(compound.get("kind"), declaration, _comment(compound) + _public_members(compound))


def write_pages(xml, folder):
    """Writes folder/NAME.rst for each header in the XML that declares anything."""
    compounds = [ElementTree.parse(file).find("compounddef") for file in sorted(xml.glob("*.xml"))]
    compounds = [compound for compound in compounds if compound is not None]
    declarations = [(compound.find("location").get("file"), _line(compound), _class(compound)) for compound in compounds
                    if compound.get("kind") in ("class", "struct") and compound.findtext("compoundname").count("::") == 1]
    for compound in compounds:
        if compound.get("kind") == "namespace":
            for member in compound.findall("sectiondef/memberdef"):
                # The tables of names are an implementation's.
                if any(_comment(member)):
                    declarations.append((member.find("location").get("file"), _line(member), _member(member)))
    folder.mkdir(exist_ok=True)
    for file in sorted({file for file, _, _ in declarations}):
        header = Path(file).relative_to("include")
        (notes,) = [_comment(compound) for compound in compounds if compound.get("kind") == "file" and compound.find("location").get("file") == file]
        parts = [header.name, "=" * len(header.name), "", f"``#include <{header}>``", "", "\n\n".join(notes), "",
                 ".. cpp:namespace:: initlaw", ""]
        parts += [text for where, _, text in sorted(declarations) if where == file]
        (folder / f"{header.stem}.rst").write_text("\n".join(parts))
