"""A metric of a sweep over two of its axes."""

from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from omegasim.errors import ARGUMENT, InputError

if TYPE_CHECKING:
    from omegasim.sweeps import Sweep


def heatmap(sweep: "Sweep", x: str, y: str, metric: str, *, over: Literal["mean", "min", "max"] = "mean") -> Any:
    """Draw a metric over two axes of a sweep.

    Parameters
    ----------
    sweep : Sweep
        What `sweep` returned.
    x, y : str
        Two of its axes.
    metric : str
        One of its metrics, such as "net_profit".
    over : {"mean", "min", "max"}
        What stands for the runs that differ in other axes.

    Returns
    -------
    plotly.graph_objects.Figure
        `show()` and `write_html(path)` show it.

    Raises
    ------
    InputError
        An axis or the metric is not there.

    Examples
    --------
    >>> import omegasim as om, polars as pl
    >>> eurusd = om.instruments.get("EURUSD")
    >>> config = om.Config(account=om.Account(currency="USD", balance=100_000.0), instruments=[eurusd],
    ...                    sizing=om.Sizing.risk_amount(100.0))
    >>> bars = om.synthetic_bars(eurusd, bars=5_000)
    >>> signals = bars.frame.gather_every(500).select("time", direction=pl.lit("long"))
    >>> swept = om.sweep(bars, signals, config, grid={"stop_loss_pips": [10.0, 20.0], "take_profit_pips": [15.0, 30.0]})
    >>> figure = om.heatmap(swept, "stop_loss_pips", "take_profit_pips", "net_profit")
    """
    metrics = [name for name in sweep.frame.columns if name not in sweep.axes]
    for what, name, known in (("x", x, sweep.axes), ("y", y, sweep.axes), ("metric", metric, metrics)):
        if name not in known:
            raise InputError(f"{what}: expected one of {', '.join(known)}, found {name!r}", ARGUMENT)
    if x == y:
        raise InputError(f"x, y: expected two axes, found {x!r} twice", ARGUMENT)
    if over not in ("mean", "min", "max"):
        raise InputError(f"over: expected 'mean', 'min' or 'max', found {over!r}", ARGUMENT)
    cells = sweep.frame.group_by(y, x, maintain_order=True).agg(getattr(pl.col(metric), over)())
    columns = cells[x].unique(maintain_order=True).to_list()
    rows = cells.partition_by(y, maintain_order=True)

    from plotly import graph_objects

    drawn = graph_objects.Heatmap(
        x=[str(value) for value in columns],
        y=[str(row[y][0]) for row in rows],
        z=[row[metric].to_list() for row in rows],
        colorbar={"title": {"text": metric}},
        colorscale="RdBu",
        hovertemplate=f"{x} %{{x}}<br>{y} %{{y}}<br>{metric} %{{z:,.4g}}<extra></extra>",
    )
    figure = graph_objects.Figure(drawn)
    figure.update_layout(
        xaxis={"title": {"text": x}, "type": "category"}, yaxis={"title": {"text": y}, "type": "category"}
    )
    return figure
