"""Models of level and volatility: Kalman, GARCH, classes."""

from omegasim.indicators.columns import C, computed, single
from omegasim.indicators.results import KalmanGarch


def kalman_mean(values: C, process: float, observation: float) -> C:
    """Filtered level of the local level model, a level that wanders, seen through noise.

    `level[t] = level[t-1] + w`, `value[t] = level[t] + v`; with `F = P + process + observation` and
    `K = (P + process) / F` the level moves by `K * (value - level)`, and `P` becomes `K * observation`. The first value
    is the first level, with `P = observation`: the limit of a diffuse start.

    Parameters
    ----------
    values : column
        Prices, or anything else.
    process, observation : float
        Variances of `w` and `v`; only their ratio matters to the mean.

    References
    ----------
    Kalman 1960; Harvey 1989, section 2.1; Durbin and Koopman 2012, section 2.2.
    """
    return single("kalman_mean", (process, observation), values)


def kalman_zscore(values: C, process: float, observation: float) -> C:
    """Standardised innovation of the local level model: `(value - level before) / sqrt(F)`.

    Parameters
    ----------
    values : column
        Prices, or anything else.
    process, observation : float
        Variances of the model (see `kalman_mean`) in squared units of the values.
    """
    return single("kalman_zscore", (process, observation), values)


def garch(values: C, omega: float = 0.0, alpha: float = 0.05, beta: float = 0.9, warmup: int = 100) -> C:
    """GARCH(1,1) volatility expected of the next row, as a fraction of the price.

    Of log returns `r` with mean 0: `variance[t+1] = omega + alpha * r[t]**2 + beta * variance[t]`; the value is its
    root. It begins at the long-run variance `omega / (1 - alpha - beta)`.

    Parameters
    ----------
    values : column
        Prices.
    omega : float
        Constant part; 0 asks for variance targeting: `(1 - alpha - beta)` times the mean square of all returns so far
        takes its place, and the recursion begins at that mean after `warmup` returns.
    alpha, beta : float
        Weights of the newest squared return and of the variance before; their sum is below 1.
    warmup : int
        Returns that variance targeting waits for; of no effect where `omega` is given.

    References
    ----------
    Bollerslev 1986; Engle and Mezrich 1996 (variance targeting).
    """
    return single("garch", (omega, alpha, beta, warmup), values)


def garch_window(values: C, window: int = 250, omega: float = 0.0, alpha: float = 0.05, beta: float = 0.9) -> C:
    """GARCH(1,1) volatility expected of the next row, as if there were only the last `window` returns.

    The recursion of `garch` begins at the mean square of the window's returns, which is also the target where `omega`
    is 0.
    """
    return single("garch_window", (window, omega, alpha, beta), values)


def kalman_garch_zscore(
    values: C,
    process: float,
    observation: float,
    omega: float = 0.0,
    alpha: float = 0.05,
    beta: float = 0.9,
    warmup: int = 100,
) -> KalmanGarch[C]:
    """Kalman mean, and its innovation in the standard deviations that a GARCH(1,1) expects of it.

    `zscore[t] = e[t] / sigma[t]`, `e[t] = value[t] - mean[t-1]` being the innovation of the local level model
    (`kalman_mean`), and `sigma[t]**2` the variance that `garch`'s recursion, run over the innovations, expected one row
    before. A standardised residual in the sense of Bollerslev 1986, with the local level as the model of the mean.

    Parameters
    ----------
    values : column
        Prices.
    process, observation : float
        Variances of the local level model; only their ratio matters.
    omega : float
        In squared units of the values; 0 asks for variance targeting.
    alpha, beta, warmup
        As for `garch`.
    """
    parameters = (process, observation, omega, alpha, beta, warmup)
    return KalmanGarch(*computed("kalman_garch_zscore", parameters, values))


def volatility_clusters(values: C, period: int = 20, window: int = 250, classes: int = 3, hysteresis: float = 0.1) -> C:
    """Class of volatility, 0 (calmest) to `classes - 1`, by rolling quantiles with hysteresis.

    Volatility is the standard deviation of the last `period` log returns. Its last `window` values, sorted, are cut
    into `classes` parts of one size; the bound below class `j` is the value of rank `floor(j * window / classes)`,
    from 0.
    The first class is the number of bounds below volatility; from then on it rises while volatility is above
    `bound * (1 + hysteresis)` of the next class, and falls while it is below `bound * (1 - hysteresis)` of its own.
    A definition of this package, after the clustering that Mandelbrot 1963 described.
    """
    return single("volatility_clusters", (period, window, classes, hysteresis), values)
