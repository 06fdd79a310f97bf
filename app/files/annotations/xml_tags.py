"""Tags in the bytes of an XML part, changed where they stand so that all around them stays as it was."""

import re
from typing import Final
from xml.sax.saxutils import escape

_TAG: Final = re.compile(rb"""<(?:[^>"']|"[^"]*"|'[^']*')*>""")
_NO_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def end_of_tag(content: bytes | bytearray, begin: int) -> int:
    """Where the tag that begins here has ended."""
    match = _TAG.match(content, begin)
    if match is None:
        raise ValueError("no tag begins here")
    return match.end()


def end_of_element(content: bytes | bytearray, begin: int, reported: int) -> int:
    """Where an element has ended of which expat says so: before its end tag, or after the tag that it is alone."""
    is_alone = content[begin : end_of_tag(content, begin)].endswith(b"/>")
    return reported if is_alone else end_of_tag(content, reported)


def replace_attribute(tag: bytes, name: bytes, value: bytes | None) -> bytes:
    """The tag with this value of an attribute, which it may not have had; without the attribute for None."""
    attribute = rb"""\s%s\s*=\s*("[^"]*"|'[^']*')""" % re.escape(name)
    without = re.sub(attribute, b"", tag, count=1)
    if value is None:
        return without
    end = len(without) - (2 if without.endswith(b"/>") else 1)
    return without[:end].rstrip() + b' %s="%s"' % (name, value) + without[end:]


def write_xml_text(text: str) -> str:
    """A text between tags, without what XML cannot hold."""
    return escape(_NO_XML.sub("", text))
