"""An instrument: its grid, pip, lot and volume limits."""

from .grid import Grid


class Instrument:
    """The constants of one symbol."""

    def __init__(self, config: dict) -> None:
        self.symbol = config["symbol"]
        self.base = config["base"]
        self.quote = config["quote"]
        self.tick_size = config["tick_size"]
        self.pip_size = config["pip_size"]
        self.contract_size = config["contract_size"]
        self.volume_min = config["volume_min"]
        self.volume_step = config["volume_step"]
        self.volume_max = config["volume_max"]
        self.tick_value = config.get("tick_value")
        self.stops_level = config.get("stops_level") or 0.0
        self.grid = Grid(self.tick_size)
        self.unit = self._unit()

    def _unit(self) -> float:
        """A1: the money of one lot for one unit of price."""
        if self.tick_value is not None:
            return self.tick_value / self.tick_size
        return self.contract_size

    def loss_of_one_lot(self, price: float, stop_loss: float) -> float:
        """Z2: the loss of one lot at the stop loss."""
        if self.tick_value is not None:
            return abs(price - stop_loss) / self.tick_size * self.tick_value
        return abs(price - stop_loss) * self.contract_size
