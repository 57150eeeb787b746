"""A table with the originals in it, as Parquet that Hugging Face `datasets` reads.

The column `image` has their bytes and names, and the schema says that it is a feature `Image`
(the form of `datasets.Features`, in the metadata `huggingface` of the Arrow schema).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, BinaryIO

from nanobanana_nb.errors import InputError
from nanobanana_nb.show.export.content import Content, Entry
from nanobanana_nb.show.export.data_files import rows_of
from nanobanana_nb.text.file_names import file_name

IMAGE = "image"
_NUMBERS = {"stars": int, "width": int, "height": int, "credits": float, "seconds": float}
_ROWS = 50  # of a group: so many images are in memory at once


def parquet(content: Content, out: BinaryIO) -> None:
    """Write the table; an image that is not there is null.

    Raises:
        InputError: pyarrow is not installed.
        OSError: an original cannot be read.
    """
    try:
        import pyarrow
        from pyarrow.parquet import ParquetWriter
    except ImportError as error:
        raise InputError(
            "Parquet needs pyarrow, which is not installed", action="`%pip install pyarrow`"
        ) from error
    columns = _columns(content)
    schema = _schema(pyarrow, columns)
    with ParquetWriter(out, schema) as writer:
        for start in range(0, len(content.entries), _ROWS):
            part = slice(start, start + _ROWS)
            images = [_image(entry) for entry in content.entries[part]]
            values = {name: column[part] for name, column in columns.items()}
            writer.write_table(pyarrow.table({IMAGE: images, **values}, schema=schema))


def _columns(content: Content) -> dict[str, list[Any]]:
    """Return the table by columns, each of numbers, of truth values or of texts."""
    rows = rows_of(content, {})
    names = [name for name in rows[0] if name != "path"]
    named = {f"{name} (axis)" if name == IMAGE else name: name for name in names}
    return {column: _alike([row.get(name) for row in rows]) for column, name in named.items()}


def _alike(values: Sequence[Any]) -> list[Any]:
    """Return values of one kind; texts where they are of several."""
    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool} or kinds == {int}:
        return list(values)
    if kinds and kinds <= {int, float}:
        return [None if value is None else float(value) for value in values]
    return [None if value is None else _text(value) for value in values]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _schema(pyarrow: Any, columns: dict[str, list[Any]]) -> Any:
    kinds = {name: _kind(name, column) for name, column in columns.items()}
    arrow = {"bool": pyarrow.bool_(), "int64": pyarrow.int64(), "float64": pyarrow.float64()}
    fields = [(name, arrow.get(kind, pyarrow.string())) for name, kind in kinds.items()]
    picture = pyarrow.struct([("bytes", pyarrow.binary()), ("path", pyarrow.string())])
    values = {name: {"dtype": kind, "_type": "Value"} for name, kind in kinds.items()}
    features = {IMAGE: {"_type": "Image"}, **values}
    metadata = {"huggingface": json.dumps({"info": {"features": features}})}
    return pyarrow.schema([(IMAGE, picture), *fields], metadata=metadata)


def _kind(name: str, column: Sequence[Any]) -> str:
    """Return what `datasets` calls the kind of a column; one without values is what it would be."""
    kinds = [type(value) for value in column if value is not None]
    kind = kinds[0] if kinds else _NUMBERS.get(name, str)
    return {bool: "bool", int: "int64", float: "float64"}.get(kind, "string")


def _image(entry: Entry) -> dict[str, Any] | None:
    if entry.original is None:
        return None
    words = "" if entry.hidden else entry.request.prompt
    name = file_name(words, entry.generation.sha256 or "", entry.original.suffix)
    return {"bytes": entry.original.read_bytes(), "path": name}
