"""Worker processes of joblib and Dask: images come back, and nothing is paid twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.frontends.conftest import Program

pytestmark = [pytest.mark.kernel, pytest.mark.long]
WORK = """
def image(style):
    import nanobanana_nb as nb

    made = nb.generate(f"A {style} heron [square]").one
    return made.request.prompt, made.credits, made.image.size, made
"""
JOBLIB = f"""
from joblib import Parallel, delayed
{WORK}
if __name__ == "__main__":
    styles = ["ink", "oil", "ink"]
    print([r[:2] for r in Parallel(n_jobs=2)(delayed(image)(style) for style in styles)])
"""
DASK = f"""
from dask.distributed import Client, LocalCluster
{WORK}
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        with Client(cluster) as client:
            results = client.gather(client.map(image, ["ink", "oil"]))
            print([r[:2] for r in results], results[0][3].image.size)
"""
COUNT = """
from nanobanana_nb.ledger.ledger import Ledger
import os, pathlib
print(Ledger(pathlib.Path(os.environ["NANOBANANA_HOME"])).count())
"""


@pytest.mark.parametrize(
    ("module", "source", "paid"), [("joblib", JOBLIB, 2), ("distributed", DASK, 2)]
)
def test_workers_share_the_ledger(
    program: Program, tmp_path: Path, module: str, source: str, paid: int
) -> None:
    """Each worker makes its images; the same request in two of them is one task."""
    pytest.importorskip(module)
    (tmp_path / "work.py").write_text(source)
    (tmp_path / "count.py").write_text(COUNT)
    out = program("work.py")
    assert "A ink heron [square]" in out
    assert "A oil heron [square]" in out
    assert program("count.py").strip() == str(paid)
