"""The home of lxml's XML parser: one that follows nothing, expands nothing and refuses a document type."""

from __future__ import annotations

from lxml import etree
from lxml.etree import _Element as Element

from parsers.limits import Refused


def parse(data: bytes) -> Element:
    """The root element; Refused for a DTD (entity bombs need one), for nesting beyond libxml2's own limit and for
    what is not well formed."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        if "depth" in str(error):
            raise Refused("too_deep") from error
        if "ntity" in str(error):
            raise Refused("entities") from error
        raise Refused("damaged_file") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise Refused("entities")
    return root


def local(element: Element) -> str:
    """The tag without its namespace ('' for what is no element)."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element, name: str) -> str | None:
    """The attribute with that local name, whatever its namespace: strict and transitional files differ in it."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return None


def child(element: Element | None, name: str) -> Element | None:
    """The first child with that local name."""
    if element is None:
        return None
    return next(element.iterchildren(f"{{*}}{name}"), None)
