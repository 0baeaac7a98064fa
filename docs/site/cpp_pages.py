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


def _entry(directive, declarations, body):
    head = f".. cpp:{directive}:: "
    lines = "\n\n".join(body).splitlines()
    return "\n".join([head + f"\n{' ' * len(head)}".join(declarations), "", *("   " + line if line else "" for line in lines), ""])


def _declaration(member):
    """What the source declares, without what only its implementation needs."""
    template = ", ".join(_text(parameter) for parameter in member.findall("templateparamlist/param"))
    words = [f"template <{template}>"] if template else []
    words += [word for word in ("static", "explicit") if member.get(word) == "yes"]
    arguments = re.sub(r"\s*=\s*default$", "", member.findtext("argsstring") or "")
    return " ".join([*words, _text(member.find("type")), (member.findtext("name") + arguments), _text(member.find("initializer"))]).strip()


def _line(element):
    return int(element.find("location").get("line"))


def _member(member, *sharing):
    """A member, and those that share its comment."""
    kind = member.get("kind")
    if kind == "enum":
        values = [_entry("enumerator", [value.findtext("name")], _comment(value)) for value in member.findall("enumvalue")]
        return _entry("enum-class", [member.findtext("name")], _comment(member) + values)
    directive = {"function": "function", "variable": "var", "typedef": "type"}[kind]
    return _entry(directive, [_declaration(each) for each in (member, *sharing)], _comment(member))


def _members(members):
    """Entries by line. A function without a comment on the line after another shares that one's."""
    groups = []
    for member in sorted(members, key=_line):
        neighbour = groups[-1][-1] if groups else None
        if (neighbour is not None and member.get("kind") == neighbour.get("kind") == "function" and not any(_comment(member))
                and _line(member) == _line(neighbour) + 1):
            groups[-1].append(member)
        else:
            groups.append([member])
    return [(_line(group[0]), _member(*group)) for group in groups]


def _class(compound):
    template = ", ".join(_text(parameter) for parameter in compound.findall("templateparamlist/param"))
    name = compound.findtext("compoundname").removeprefix("initlaw::")
    members = [member for member in compound.findall("sectiondef/memberdef")
               if member.get("prot") == "public" and member.get("kind") != "friend"]
    return _entry(compound.get("kind"), [f"template <{template}> {name}" if template else name],
                  _comment(compound) + [text for _, text in _members(members)])


def write_pages(xml, folder):
    """Writes folder/NAME.rst for each header in the XML that declares anything."""
    compounds = [compound for file in sorted(xml.glob("*.xml")) for compound in ElementTree.parse(file).findall("compounddef")]
    classes = [compound for compound in compounds if compound.get("kind") in ("class", "struct")
               and compound.findtext("compoundname").count("::") == 1]
    # Tables of names have no comments of their own.
    members = [member for compound in compounds if compound.get("kind") == "namespace"
               for member in compound.findall("sectiondef/memberdef") if member.get("kind") == "function" or any(_comment(member))]

    folder.mkdir(exist_ok=True)
    for header in [compound for compound in compounds if compound.get("kind") == "file"]:
        file = header.find("location").get("file")
        entries = [(_line(compound), _class(compound)) for compound in classes if compound.find("location").get("file") == file]
        entries += _members([member for member in members if member.find("location").get("file") == file])
        if not entries:
            continue
        path = Path(file).relative_to("include")
        parts = [path.name, "=" * len(path.name), f"``#include <{path}>``", *_comment(header), ".. cpp:namespace:: initlaw",
                 *(text for _, text in sorted(entries))]
        (folder / f"{path.stem}.rst").write_text("\n\n".join(parts).replace("\n\n===", "\n==="))
