"""statsmodels, arch and plain numpy as oracles of the models."""

import warnings

import numpy as np
import pytest
from indicator_cases import market

import omegasim as om

with warnings.catch_warnings():
    # Others' deprecations are none of ours.
    warnings.simplefilter("ignore")
    from arch.univariate import GARCH
    from statsmodels.tsa.statespace.structural import UnobservedComponents

ind = om.indicators
CLOSE = market(3_000)["close"]
RETURNS = np.diff(np.log(CLOSE))
PROCESS, OBSERVATION = 2e-7, 1e-6


def local_level(values):
    """Filtered level, innovations and their variances by statsmodels, from the same start."""
    model = UnobservedComponents(values[1:], level="local level")
    model.ssm.initialize_known(np.array([values[0]]), np.array([[OBSERVATION + PROCESS]]))
    model.ssm.tolerance = 0.0
    return model.filter([OBSERVATION, PROCESS])


def arch_variances(squares_of, omega, alpha, beta, start):
    """Variances that arch expects of each value and of the one after the last; the first one is given."""
    values = np.append(squares_of, 0.0)
    bounds = np.tile([0.0, np.inf], (len(values), 1))
    # arch begins at omega + (alpha + beta) * backcast.
    backcast = (start - omega) / (alpha + beta)
    return GARCH().compute_variance(np.array([omega, alpha, beta]), values, np.empty_like(values), backcast, bounds)


def test_the_kalman_mean_is_the_filtered_level_of_statsmodels():
    filtered = local_level(CLOSE)
    ours = ind.kalman_mean(CLOSE, PROCESS, OBSERVATION)
    assert ours[0] == CLOSE[0]
    np.testing.assert_allclose(ours[1:], filtered.filtered_state[0], rtol=1e-9)


def test_the_kalman_z_score_is_the_standardised_forecast_error_of_statsmodels():
    filtered = local_level(CLOSE)
    ours = ind.kalman_zscore(CLOSE, PROCESS, OBSERVATION)
    theirs = filtered.forecasts_error[0] / np.sqrt(filtered.forecasts_error_cov[0, 0])
    assert np.isnan(ours[0])
    np.testing.assert_allclose(ours[1:], theirs, rtol=1e-9, atol=1e-9)


def test_a_missing_price_makes_the_level_less_certain_as_in_statsmodels():
    values = CLOSE.copy()
    values[500:510] = np.nan
    filtered = local_level(values)
    ours = ind.kalman_mean(values, PROCESS, OBSERVATION)
    known = ~np.isnan(values[1:])
    assert np.isnan(ours[500:510]).all()
    np.testing.assert_allclose(ours[1:][known], filtered.filtered_state[0][known], rtol=1e-9)


def test_an_exact_diffuse_start_comes_to_the_same():
    model = UnobservedComponents(CLOSE, level="local level", use_exact_diffuse=True)
    model.ssm.tolerance = 0.0
    filtered = model.filter([OBSERVATION, PROCESS]).filtered_state[0]
    np.testing.assert_allclose(ind.kalman_mean(CLOSE, PROCESS, OBSERVATION), filtered, rtol=1e-9)


def test_garch_with_given_parameters_is_that_of_arch():
    omega, alpha, beta = 4e-8, 0.06, 0.9
    variances = arch_variances(RETURNS, omega, alpha, beta, omega / (1 - alpha - beta))
    ours = ind.garch(CLOSE, omega, alpha, beta)
    assert np.isnan(ours[0])
    np.testing.assert_allclose(ours[1:], np.sqrt(variances[1:]), rtol=1e-9)


def test_variance_targeting_puts_the_mean_square_so_far_in_the_place_of_omega():
    alpha, beta, warmup = 0.06, 0.9, 50
    squares = RETURNS**2
    target = np.cumsum(squares) / np.arange(1, len(squares) + 1)
    variance, expected = target[warmup - 1], []
    for square, mean in zip(squares[warmup - 1 :], target[warmup - 1 :], strict=True):
        variance = (1 - alpha - beta) * mean + alpha * square + beta * variance
        expected.append(variance)
    ours = ind.garch(CLOSE, 0.0, alpha, beta, warmup)
    assert np.isnan(ours[:warmup]).all()
    np.testing.assert_allclose(ours[warmup:], np.sqrt(expected), rtol=1e-9)


@pytest.mark.parametrize("omega", [0.0, 4e-8])
def test_garch_over_a_window_is_that_of_arch_on_the_window_alone(omega):
    window, alpha, beta = 60, 0.06, 0.9
    ours = ind.garch_window(CLOSE, window, omega, alpha, beta)
    assert np.isnan(ours[:window]).all()
    for row in range(window, 600, 7):
        returns = RETURNS[row - window : row]
        mean = np.mean(returns**2)
        variances = arch_variances(returns, omega or (1 - alpha - beta) * mean, alpha, beta, mean)
        np.testing.assert_allclose(ours[row], np.sqrt(variances[-1]), rtol=1e-9)


def test_the_garch_z_score_divides_the_kalman_innovation_by_arch_s_volatility():
    omega, alpha, beta = 8e-8, 0.06, 0.9
    innovations = local_level(CLOSE).forecasts_error[0]
    variances = arch_variances(innovations, omega, alpha, beta, omega / (1 - alpha - beta))
    ours = ind.kalman_garch_zscore(CLOSE, PROCESS, OBSERVATION, omega, alpha, beta)
    np.testing.assert_array_equal(ours.mean, ind.kalman_mean(CLOSE, PROCESS, OBSERVATION))
    np.testing.assert_allclose(ours.zscore[1:], innovations / np.sqrt(variances[:-1]), rtol=1e-9, atol=1e-9)


def test_clusters_are_quantile_classes_with_hysteresis():
    period, window, classes, hysteresis = 10, 60, 4, 0.1
    ours = ind.volatility_clusters(CLOSE, period, window, classes, hysteresis)
    volatility = np.array([np.std(RETURNS[end - period : end]) for end in range(period, len(RETURNS) + 1)])
    first = period + window - 1
    assert np.isnan(ours[:first]).all()
    current = None
    for row in range(first, len(CLOSE)):
        newest = volatility[: row - period + 1][-window:]
        bounds = np.sort(newest)[[part * window // classes for part in range(1, classes)]]
        now = newest[-1]
        if current is None:
            current = int((now > bounds).sum())
        while current < classes - 1 and now > bounds[current] * (1 + hysteresis):
            current += 1
        while current > 0 and now < bounds[current - 1] * (1 - hysteresis):
            current -= 1
        assert ours[row] == current, row
    assert set(ours[first:]) == {0.0, 1.0, 2.0, 3.0}
