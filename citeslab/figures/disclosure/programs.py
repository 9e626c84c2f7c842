"""Linear and integer programs, as HiGHS solves them: one thread, no clock, so that an answer is always the same."""

from dataclasses import dataclass

import highspy
import numpy as np
from numpy.typing import NDArray

NEAR = 1e-6  # two values of a solution nearer than this are the same
GAP = 1e-4  # an integer answer this near to the best, as a share of it, will do
NODES = 2_000  # branches that an integer program may open: a bound that does not depend on the machine

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """Sparse rows: row r holds `values[starts[r]:starts[r + 1]]` in the columns of `columns` there."""

    starts: Ints
    columns: Ints
    values: Floats

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def lengths(self) -> Ints:
        return np.diff(self.starts)

    def row_of_entries(self) -> Ints:
        return np.repeat(np.arange(len(self)), self.lengths)

    def kept(self, rows: NDArray[np.bool_], columns: NDArray[np.bool_]) -> "Rows":
        """These rows and columns only, columns numbered anew."""
        of = self.row_of_entries()
        entries = rows[of] & columns[self.columns]
        lengths = np.bincount(of[entries], minlength=len(self))[rows]
        numbers = np.cumsum(columns) - 1
        starts = np.concatenate([[0], np.cumsum(lengths)])
        return Rows(starts, numbers[self.columns[entries]], self.values[entries])

    def times(self, values: Floats) -> Floats:
        """Each row's sum of its values, each times its column's: one value a row."""
        products = self.values * values[self.columns]
        return np.bincount(self.row_of_entries(), products, minlength=len(self)).astype(np.float64)

    def weighted(self, multipliers: Floats, columns: int) -> Floats:
        """The sum of the rows, each times its multiplier: one value a column."""
        products = self.values * np.repeat(multipliers, self.lengths)
        return np.bincount(self.columns, products, minlength=columns).astype(np.float64)


def rows_of(entries: list[list[tuple[int, float]]]) -> Rows:
    flat = [pair for row in entries for pair in row]
    return Rows(
        np.cumsum([0, *map(len, entries)], dtype=np.int64),
        np.array([column for column, _value in flat], dtype=np.int64),
        np.array([value for _column, value in flat], dtype=np.float64),
    )


@dataclass(frozen=True)
class Answer:
    """`values` (columns,) of the best solution, `multipliers` (rows,) that prove it; nothing costs less."""

    bound: float
    values: Floats
    multipliers: Floats


class _Silent(highspy.Highs):
    """Prints nothing. The banner is printed where callbacks are set up, before an option can be set from outside."""

    def enableCallbacks(self):
        self.setOptionValue("output_flag", False)
        return super().enableCallbacks()


class Program:
    """Least cost within bounds, rows between `floor` and `ceiling`. Kept, so that the next question starts warm."""

    def __init__(
        self, rows: Rows, *, lower: Floats, upper: Floats, floor: Floats, ceiling: Floats, whole: bool = False
    ):
        self.columns = len(lower)
        self.whole = whole
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self.columns, len(rows)
        model.col_cost_ = np.zeros(self.columns)
        model.col_lower_, model.col_upper_ = lower, upper
        model.row_lower_, model.row_upper_ = floor, ceiling
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = rows.starts, rows.columns, rows.values
        if whole:
            model.integrality_ = [highspy.HighsVarType.kInteger] * self.columns
        self._solver = _Silent()
        for name, value in {
            "threads": 1,
            "random_seed": 0,
            "mip_rel_gap": GAP,
            "mip_max_nodes": NODES,
        }.items():
            self._solver.setOptionValue(name, value)
        self._solver.passModel(model)
        self._all = np.arange(self.columns, dtype=np.int32)

    def bound(self, column: int, lower: float, upper: float) -> None:
        self._solver.changeColBounds(column, lower, upper)

    def least(self, costs: Floats) -> Answer | None:
        """The least cost, or nothing where no solution was found."""
        self._solver.changeColsCost(self.columns, self._all, costs)
        self._solver.run()
        status = self._solver.getModelStatus()
        solution, info = self._solver.getSolution(), self._solver.getInfo()
        if not solution.value_valid:
            return None
        optimal = status == highspy.HighsModelStatus.kOptimal
        bound = info.mip_dual_bound if self.whole else info.objective_function_value
        # Stopped by a limit, an integer program still has its bound; a linear one proves nothing unless it ended well.
        return Answer(
            bound if optimal or self.whole else -np.inf,
            np.array(solution.col_value),
            np.array(solution.row_dual) if solution.dual_valid and optimal else np.zeros(0),
        )
