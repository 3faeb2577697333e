"""Right answers rewritten and wrong ones with a slip: none misjudged, and the slip named in most of them."""

from __future__ import annotations

from tests.claims import SLIPS, Tally, check_seed

COUNT = 300
"""Claims of each kind in a normal run; `python -m tests.claims 20000` is the long one."""


def test_no_claim_is_misjudged_and_most_slips_are_named() -> None:
    tally = Tally()
    seed = 0
    while min(tally.right, tally.wrong) < COUNT:
        check_seed(seed, tally)
        seed += 1
    assert tally.misjudged == []
    assert tally.untrue == []
    assert tally.hints > COUNT // 2
    assert tally.undecided == []
    assert tally.refused == []
    assert tally.share > 0.9
    assert set(tally.named) == set(SLIPS)
