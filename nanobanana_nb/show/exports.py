"""A grid for other programs and other people: records, tables, files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from nanobanana_nb.model import arguments
from nanobanana_nb.show.arrange.data import GridData
from nanobanana_nb.show.export.endings import with_endings

if TYPE_CHECKING:
    from pandas import DataFrame


class Exports(GridData):
    """The part of `ImageGrid` that hands it on."""

    def to_records(self) -> list[dict[str, Any]]:
        """Return one record an image: axis values, parameters, prompt, state, cost, path.

        What is called like a fixed name is under `state (axis)` or `state (parameter)`.

        Examples:
            >>> [(record["style"], record["credits"]) for record in grid.to_records()[1:3]]
            [('ink', 4.0), ('oil', 4.0)]
        """
        from nanobanana_nb.show.arrange.records import records

        return records(self)

    def to_frame(self, *, thumbnails: bool = False) -> DataFrame:
        """Return the records as a table of pandas, with the index of a table they were made from.

        Args:
            thumbnails: begin with a column `picture`, which a notebook shows as small pictures.

        Raises:
            InputError: pandas is not installed.

        Examples:
            >>> grid.to_frame().groupby("style")["credits"].sum().to_dict()
            {'ink': 8.0, 'oil': 8.0}
        """
        from nanobanana_nb.show.arrange.records import frame

        arguments.check(thumbnails=thumbnails)
        return frame(self, thumbnails=thumbnails)

    @with_endings
    def export(
        self, path: str | Path, *, private: bool = False, originals: bool = False
    ) -> Path | str:
        """Write the grid to a file; its ending says as what.

        endings:

        A folder, `herons/`, gets what an archive has.

        Args:
            path: where to: a file, which is replaced if it is there; a folder; or an address that
                fsspec knows, as `s3://bucket/herons.zip`. It is returned.
            private: tell the prompts of private requests too.
            originals: put the originals themselves into a page, and not links to them.

        Raises:
            InputError: the ending is not known, or the file cannot be written.

        Examples:
            >>> print(grid.export("cats.csv"))
            cats.csv
        """
        from nanobanana_nb.show.export import export

        return export(self._snapshot(), path, private=private, originals=originals)

    def keep(self, name: str, *, note: str = "", replace: bool = False) -> Path:
        """Write the prompt of the grid into `prompts.toml`, beside the notebook; return the file.

        Its text, parameters and axes of words and numbers are written; images are not. The rest
        of the file is left as it is. `%%nanobanana --prompt NAME` and `prompts["NAME"]` use it.

        Args:
            name: letters, digits, `-` and `_`.
            note: a line of your own beside it.
            replace: let it take the place of one of that name.

        Raises:
            InputError: it is private, the name is there already or is none, or no file can be
                written.

        Examples:
            >>> grid.keep("cats", note="both styles").name
            'prompts.toml'
        """
        from nanobanana_nb import keep

        return keep(self.generations, self.plan, name, note=note, replace=replace)

    def save(self, path: str | Path) -> list[Path]:
        """Write the originals, byte for byte, into a folder; return where each is.

        What is no image is left out.

        Args:
            path: the folder, which is made; its files are called as in the one beside the
                notebook. Of one image it may be a file. What is there is replaced.

        Raises:
            InputError: there is no image, or it cannot be written there.
            DownloadError: an original was deleted or damaged.

        Examples:
            >>> [file.suffix for file in grid.save("cats")]
            ['.png', '.png', '.png', '.png']
        """
        from nanobanana_nb.show.export.saving import save

        return save(self.generations, path)
