"""The kernel while it is edited (shared/controls/edited_kernel.js): undo, sizes, blocks and slices."""

from __future__ import annotations

from typing import Any

import pytest
from node import run

THREE = "{ rows: 3, cols: 3, slices: [Float64Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9])] }"


def after(steps: str, kernel: str = THREE, three: bool = False) -> dict[str, Any]:
    """The kernel after these steps with `edited`, the steps back, and what was left in `found`."""
    answer: dict[str, Any] = run(
        f"""import {{ EditedKernel }} from "shared/controls/edited_kernel.js";
        const edited = new EditedKernel(5), found = [];
        edited.show({kernel}, false, {str(three).lower()});
        {steps};
        const {{ rows, cols, slices }} = edited.kernel;
        return {{
          size: [rows, cols], slices: slices.map((s) => [...s]),
          divide: edited.divide, past: edited.past.length, found,
        }};"""
    )
    return answer


def test_a_kernel_from_outside_is_copied_and_cannot_be_undone() -> None:
    got = after(
        """const given = { rows: 1, cols: 2, slices: [Float64Array.of(1, 2)] };
        found.push(edited.show(given, true, false), edited.show(given, true, false), edited.undo());
        edited.set({ row: 0, col: 1 }, 7); found.push(given.slices[0][1])"""
    )
    assert got == {
        "size": [1, 2],
        "slices": [[1, 7]],
        "divide": True,
        "past": 0,
        "found": [True, False, False, 2],
    }


def test_undo_brings_weights_and_division_back() -> None:
    got = after("edited.toggleDivide(); edited.transform('clear'); found.push(edited.divide, edited.undo())")
    assert got["found"] == [False, True]
    assert (got["slices"], got["divide"], got["past"]) == ([[1, 2, 3, 4, 5, 6, 7, 8, 9]], True, 1)


def test_only_the_last_fifty_steps_are_kept() -> None:
    assert after("for (let i = 0; i < 60; i++) edited.transform('flipX')")["past"] == 50


@pytest.mark.parametrize(
    ("rows", "cols", "weights"),
    [(1, 1, [5]), (1, 3, [4, 5, 6]), (3, 5, [0, 1, 2, 3, 0, 0, 4, 5, 6, 0, 0, 7, 8, 9, 0])],
)
def test_a_size_keeps_the_middle(rows: int, cols: int, weights: list[float]) -> None:
    got = after(f"found.push(edited.resize({rows}, {cols}), edited.resize({rows}, {cols}))")
    assert (got["size"], got["slices"], got["found"], got["past"]) == (
        [rows, cols],
        [weights],
        [True, False],
        1,
    )


def test_a_block_overwrites_from_its_cell_and_the_kernel_grows_to_the_limit() -> None:
    block = "{ rows: 4, cols: 2, slices: [Float64Array.of(-1, -2, -3, -4, -5, -6, -7, -8)] }"
    got = after(f"edited.paste({block}, {{ row: 2, col: 2 }})")
    assert got["size"] == [5, 4]
    assert got["slices"] == [[1, 2, 3, 0, 4, 5, 6, 0, 7, 8, -1, -2, 0, 0, -3, -4, 0, 0, -5, -6]]
    assert after(f"edited.paste({block}, {{ row: 0, col: 0 }})")["size"] == [4, 2]


def test_a_weight_of_one_slice_makes_three() -> None:
    alone = "{ rows: 1, cols: 1, slices: [Float64Array.of(2)] }"
    got = after(
        "edited.slice = 1; edited.set({ row: 0, col: 0 }, 9); found.push(edited.most)", alone, three=True
    )
    assert (got["slices"], got["found"]) == ([[2], [9], [2]], [9])
    together = after("edited.set({ row: 0, col: 0 }, 9)", alone, three=True)
    assert together["slices"] == [[9]]


def test_three_slices_become_one_where_one_is_wanted() -> None:
    three = "{ rows: 1, cols: 1, slices: [Float64Array.of(1), Float64Array.of(2), Float64Array.of(3)] }"
    assert after(f"edited.take({three})")["slices"] == [[1]]
    assert after(f"edited.take({three})", three=True)["slices"] == [[1], [2], [3]]
    got = after(
        "edited.slice = 2; edited.show(edited.copy(), false, false); found.push(edited.slice)", three, True
    )
    assert got["found"] == [None]
