"""What the coupling reads of SWMM's input file, and the copy of it that is run.

References
----------
Rossman and Simon (2022), Storm Water Management Model User's Manual Version 5.2, EPA/600/R-22/030, appendix D.
"""

import re
import shlex
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Hydrology = Literal["surface", "pipes"]
"""Where the rain falls: on the grid alone, or on SWMM's own catchments too (roofs that the grid leaves out, say)."""

_FILES = ("FILE", "TIME", "RAIN")  # sections that name other files
_YEARS = 11  # a run never lasts so long, and SWMM makes nothing of its length beforehand


class SwmmError(RuntimeError):
    """SWMM, or the network given to it, cannot be run; the message tells what SWMM says."""


@dataclass(frozen=True)
class Network:
    """The parts of an input file.

    Attributes
    ----------
    path
    junctions, outfalls
        Names.
    places
        Coordinates of nodes, by name.
    options
        By name, in capitals.
    rains
        Whether rain falls on catchments of its own.
    """

    path: Path
    junctions: tuple[str, ...]
    outfalls: tuple[str, ...]
    places: Mapping[str, tuple[float, float]]
    options: Mapping[str, str]
    rains: bool


def read(path: Path) -> Network:
    """Return what an input file tells.

    Raises
    ------
    SwmmError
        If it cannot be read, or a coordinate is no number.
    """
    sections = _sections(_text(path))
    places = {}
    for number, line in sections.get("COOR", []):
        words = line.split()
        try:
            places[words[0]] = float(words[1]), float(words[2])
        except (IndexError, ValueError):
            raise SwmmError(f"{path.name}, line {number}: [COORDINATES] needs a node, x and y, not {line!r}") from None
    options = {words[0].upper(): words[1] for _, line in sections.get("OPTI", []) if len(words := line.split()) > 1}
    ignored = options.get("IGNORE_RAINFALL", "NO").upper() == "YES"
    rains = bool(sections.get("SUBC") and sections.get("RAIN")) and not ignored
    junctions, outfalls = (tuple(line.split()[0] for _, line in sections.get(head, [])) for head in ("JUNC", "OUTF"))
    # SWMM does not tell capitals from small letters in names.
    spelt = {name.upper(): name for name in (*junctions, *outfalls)}
    places = {spelt.get(name.upper(), name): place for name, place in places.items()}
    return Network(path, junctions, outfalls, places, options, rains)


def write(network: Network, target: Path, hydrology: Hydrology | None) -> None:
    """Write the copy that is run: ponding allowed, no end, one thread, and rain where it is wanted.

    Raises
    ------
    SwmmError
        If the network is not routed by dynamic waves, or it is not told where the rain falls.
    """
    name, options = network.path.name, network.options
    if options.get("FLOW_ROUTING", "KINWAVE").upper() not in {"DYNWAVE", "DW"}:
        raise SwmmError(f"{name}: FLOW_ROUTING must be DYNWAVE: only dynamic waves know back water and surcharge")
    if network.rains and hydrology is None:
        raise SwmmError(
            f"{name}: has catchments and rain gauges of its own. Say hydrology='surface' if the rain falls on the grid "
            "(SWMM's is then ignored), or 'pipes' if what falls on SWMM's catchments is left out of the grid's rain; "
            "else it would be counted twice"
        )
    wanted = {
        "ALLOW_PONDING": "YES",
        "THREADS": "1",
        "END_DATE": f"01/01/{_year(options.get('START_DATE', '01/01/2004')) + _YEARS}",
        "END_TIME": "00:00:00",
    }
    if hydrology == "surface":
        wanted["IGNORE_RAINFALL"] = "YES"
    target.write_text(_copied(network.path, wanted), encoding="utf-8")


def _year(date: str) -> int:
    try:
        return int(re.split(r"[/-]", date)[2])
    except (IndexError, ValueError):
        raise SwmmError(f"START_DATE: must be MM/DD/YYYY, not {date!r}") from None


def _copied(path: Path, wanted: Mapping[str, str]) -> str:
    lines, section = [], ""
    for line in _text(path).splitlines():
        head = _head(line)
        section = section if head is None else head
        if head is None and section == "OPTI" and line.split() and line.split()[0].upper() in wanted:
            continue
        lines.append(_found(line, path.parent) if head is None and section in _FILES else line)
        if head == "OPTI":
            lines += [f"{option} {value}" for option, value in wanted.items()]
    return "\n".join(lines) + "\n"


def _found(line: str, folder: Path) -> str:
    """Return a line in which files beside the input file are told by their full path."""
    if not line.strip() or line.lstrip().startswith(";"):
        return line
    words = shlex.split(line, posix=True) if line.count('"') % 2 == 0 else line.split()
    known = [str((folder / word).resolve()) if (folder / word).is_file() else word for word in words]
    return line if known == words else " ".join(f'"{word}"' if " " in word or "/" in word else word for word in known)


def _text(path: Path) -> str:
    """Return a file's text, in UTF-8 or in the Chinese standard's encoding, in which Windows writes it."""
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise SwmmError(f"{path}: cannot be read: {fault.strerror}") from fault
    for encoding in ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            return content.decode(encoding)
    raise SwmmError(f"{path.name}: is written neither in UTF-8 nor in GB 18030")


def _head(line: str) -> str | None:
    """Return the first four letters of a section's name, by which SWMM knows it."""
    found = re.match(r"\s*\[(\w{4})", line)
    return found[1].upper() if found else None


def _sections(text: str) -> dict[str, list[tuple[int, str]]]:
    sections: dict[str, list[tuple[int, str]]] = {}
    section = ""
    for number, line in enumerate(text.splitlines(), 1):
        head = _head(line)
        section = section if head is None else head
        content = line.split(";")[0].strip()
        if head is None and content:
            sections.setdefault(section, []).append((number, content))
    return sections
