"""Exported code on a cluster: needs the extra ``exports``, and is left out where Dask is not installed."""

from __future__ import annotations

import pytest

pytest.importorskip("dask.distributed")


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_the_gradient_of_data_larger_than_a_worker_is_that_of_numpy() -> None:
    from bench.cluster import on_a_cluster

    outcome = on_a_cluster(rows=400_000, columns=150, workers=2, memory_mb=400)
    assert outcome.error < 1e-9, outcome.text
