"""Files of each vendor: detected, read, their clocks turned into UTC."""

from datetime import UTC, datetime

import polars as pl
import pytest
from builders import EURUSD, flat
from vendor_files import HEADERS, bi5_candles, bi5_ticks, packed, written, zipped

import omegasim as om


def times(data) -> list[str]:
    return [f"{time:%Y-%m-%d %H:%M:%S.%f}"[:-3] for time in data.frame["time"]]


def test_metatrader_bars_have_their_spread_in_points(tmp_path):
    path = written(
        tmp_path / "EURUSD_M1.csv",
        HEADERS["bars"],
        "2024.01.02\t10:00:00\t1.10000\t1.10010\t1.09990\t1.10005\t57\t0\t8",
        "2024.01.02\t10:01:00\t1.10005\t1.10021\t1.10000\t1.10020\t60\t0\t12",
    )
    bars = om.read_bars(path, timezone="Europe/Helsinki", instrument=EURUSD)
    assert times(bars) == ["2024-01-02 08:00:00.000", "2024-01-02 08:01:00.000"]
    assert bars.frame["ask_open"].to_list() == [1.10008, 1.10017]
    assert bars.frame["volume"].to_list() == [57.0, 60.0]
    assert om.read_bars(path, timezone="UTC+2").frame["spread"].to_list() == pytest.approx([8e-5, 12e-5])


def test_metatrader_day_bars_have_no_time_of_day(tmp_path):
    header = HEADERS["bars"].replace("<TIME>\t", "")
    path = written(tmp_path / "d1.csv", header, "2024.01.02\t1.1\t1.2\t1.0\t1.15\t57\t0\t8")
    assert times(om.read_bars(path, timezone="America/New_York+7")) == ["2024-01-01 22:00:00.000"]


def test_metatrader_ticks_leave_out_the_side_that_did_not_change(tmp_path):
    path = written(
        tmp_path / "ticks.csv",
        HEADERS["ticks"],
        "2024.01.02\t10:00:00.100\t1.10000\t\t\t\t2",
        "2024.01.02\t10:00:00.251\t1.10001\t1.10009\t\t\t6",
        "2024.01.02\t10:00:01.000\t\t1.10010\t\t\t4",
        "2024.01.02\t10:00:02.000\t1.10003\t\t\t\t2",
    )
    ticks = om.read_ticks(path, timezone="UTC")
    assert times(ticks)[0] == "2024-01-02 10:00:00.251"
    assert ticks.frame.select("bid", "ask").rows() == [(1.10001, 1.10009), (1.10001, 1.1001), (1.10003, 1.1001)]


def test_metatrader_writes_utf_16_too(tmp_path):
    row = "2024.01.02\t10:00:00\t1.1\t1.1\t1.1\t1.1\t57\t0\t8"
    path = written(tmp_path / "utf16.csv", HEADERS["bars"], row, encoding="utf-16")
    assert times(om.read_bars(path, timezone="UTC")) == ["2024-01-02 10:00:00.000"]


def test_the_server_clock_taken_for_utc_is_said_on_the_log(tmp_path, caplog):
    path = written(tmp_path / "x.csv", HEADERS["bars"], "2024.01.02\t10:00:00\t1.1\t1.1\t1.1\t1.1\t57\t0\t8")
    om.read_bars(path)
    assert "times are the broker's server clock and were taken for UTC; timezone=" in caplog.text


RATES = pl.DataFrame(
    {
        "time": [1_704_189_600, 1_704_189_660], "open": [1.10001, 1.1], "high": [1.1002, 1.1002], "low": [1.1, 1.1],
        "close": [1.1001, 1.1], "tick_volume": [5, 6], "spread": [8, 9], "real_volume": [0, 0],
    }
)  # fmt: skip


def test_copy_rates_as_a_file_and_as_a_table(tmp_path):
    RATES.write_csv(tmp_path / "rates.csv")
    RATES.write_parquet(tmp_path / "rates.parquet")
    expected = om.Bars(RATES, timezone="UTC+2", instrument=EURUSD).frame
    assert expected["ask_open"].to_list() == [1.10009, 1.10009]
    assert expected["time"][0] == datetime(2024, 1, 2, 8, 0, tzinfo=UTC)
    for name in ("rates.csv", "rates.parquet"):
        assert om.read_bars(tmp_path / name, timezone="UTC+2", instrument=EURUSD).frame.equals(expected)


def test_copy_ticks_by_their_milliseconds(tmp_path):
    table = pl.DataFrame(
        {
            "time": [1_704_189_600],
            "bid": [1.1],
            "ask": [1.1001],
            "last": [0.0],
            "time_msc": [1_704_189_600_123],
            "flags": [6],
        }
    )
    table.write_csv(tmp_path / "ticks.csv")
    for ticks in (om.read_ticks(tmp_path / "ticks.csv", timezone="UTC"), om.Ticks(table)):
        assert times(ticks) == ["2024-01-02 10:00:00.123"]


def test_histdata_bars_are_on_new_yorks_winter_clock_all_year(tmp_path):
    path = written(
        tmp_path / "DAT_ASCII_EURUSD_M1_2012.csv",
        "20120201 000000;1.306600;1.306600;1.306560;1.306560;0",
        "20120702 000100;1.266600;1.266600;1.266560;1.266560;0",
    )
    bars = om.read_bars(path, spread_pips=1.0)
    assert times(bars) == ["2012-02-01 05:00:00.000", "2012-07-02 05:01:00.000"]


def test_histdata_ticks_also_from_their_zip(tmp_path):
    lines = ["20120201 000003660,1.306600,1.306770,0", "20120201 000003973,1.306610,1.306770,0"]
    path = zipped(tmp_path / "HISTDATA_COM_ASCII_EURUSD_T201202.zip", "DAT_ASCII_EURUSD_T_201202.csv", *lines)
    ticks = om.read_ticks(path)
    assert times(ticks) == ["2012-02-01 05:00:03.660", "2012-02-01 05:00:03.973"]


def test_a_file_that_fits_two_formats_is_a_question(tmp_path):
    path = written(tmp_path / "EURUSD.csv", "2012.02.01,00:00,1.306600,1.306600,1.306560,1.306560,0")
    with pytest.raises(om.InputError, match=r"'metatrader' and 'histdata'.*format='metatrader' or format='histdata'"):
        om.read_bars(path)
    assert times(om.read_bars(path, format="histdata")) == ["2012-02-01 05:00:00.000"]
    assert times(om.read_bars(path, format="metatrader", timezone="UTC")) == ["2012-02-01 00:00:00.000"]
    with pytest.raises(om.FileError, match="is not in the format 'truefx'; its first line is '2012"):
        om.read_ticks(path, format="truefx")
    with pytest.raises(om.InputError, match="format: expected one of table, dukascopy"):
        om.read_bars(path, format="excel")


def test_lean_quote_bars(tmp_path):
    row = "1.38671,1.38672,1.3867,1.38671,0,1.38679,1.3868,1.38678,1.38679,0"
    path = zipped(
        tmp_path / "forex" / "oanda" / "minute" / "eurusd" / "20140501_quote.zip",
        "20140501_eurusd_minute_quote.csv", f"60000,{row}", f"120000,{row}",
    )  # fmt: skip
    bars = om.read_bars(path)
    assert times(bars) == ["2014-05-01 00:01:00.000", "2014-05-01 00:02:00.000"]
    assert bars.frame["ask_close"].to_list() == [1.38679, 1.38679]
    assert times(om.read_bars(path, timezone="America/New_York"))[0] == "2014-05-01 04:01:00.000"
    hours = zipped(tmp_path / "hour" / "eurusd.zip", "eurusd.csv", f"20140501 00:00,{row}", f"20140501 01:00,{row}")
    assert times(om.read_bars(hours))[1] == "2014-05-01 01:00:00.000"


def test_lean_trade_bars_are_one_side_and_need_a_spread(tmp_path):
    folder = tmp_path / "crypto" / "gdax" / "minute" / "btcusd"
    path = zipped(
        folder / "20181007_trade.zip", "20181007_btcusd_minute_trade.csv",
        "60000,6570.01,6571.5,6569.99,6571,12.5", "120000,6571,6572,6570,6571.5,3",
    )  # fmt: skip
    bars = om.read_bars(path, spread=0.5, instrument=EURUSD.model_copy(update={"tick_size": 0.01, "pip_size": 1.0}))
    assert times(bars) == ["2018-10-07 00:01:00.000", "2018-10-07 00:02:00.000"]
    assert bars.frame.select("bid_open", "ask_open", "volume").rows() == [
        (6570.01, 6570.51, 12.5),
        (6571.0, 6571.5, 3.0),
    ]
    alone = om.read_bars(path)
    assert "ask_open" not in alone.frame.columns
    daily = zipped(
        tmp_path / "equity" / "usa" / "daily" / "spy.zip",
        "spy.csv",
        "20131001 00:00,1680000,1690000,1670000,1681200,90",
    )
    stock = om.read_bars(daily, spread=0.01)
    assert times(stock) == ["2013-10-01 04:00:00.000"]
    assert stock.frame.select("open", "close").row(0) == (168.0, 168.12)


def test_lean_folders_tell_the_clock(tmp_path, caplog):
    row = "3600000,1.1,1.1,1.1,1.1,0,1.2,1.2,1.2,1.2,0"
    hours = {"forex/oanda": 1, "forex/fxcm": 6, "cfd/oanda": 1, "crypto/gdax": 1, "equity/usa": 6, "index/usa": 1}
    for folder, hour in hours.items():
        path = zipped(tmp_path / folder / "minute" / "x" / "20140107_quote.zip", "20140107_x_minute_quote.csv", row)
        caplog.clear()
        assert om.read_bars(path).frame["time"][0].hour == hour, folder
        assert ("clock of LEAN's market" in caplog.text) == (folder == "index/usa"), folder


def test_lean_names_tell_trades_from_quotes(tmp_path):
    ticks = "1000,1.1,5,1.2,7"
    quotes = zipped(tmp_path / "20140107_quote.zip", "20140107_x_tick_quote.csv", ticks)
    assert om.read_ticks(quotes).frame.select("bid", "ask").row(0) == (1.1, 1.2)
    for name, row, message in (
        ("20140107_trade.zip", "1000,1.1,5", "ticks of trades have no bid and ask; expected quotes"),
        ("20140107.zip", ticks, "may hold ticks with their sizes or bars of trades; expected quote or trade"),
    ):
        path = zipped(tmp_path / name, "20140107.csv", row)
        with pytest.raises(om.FileError, match=message):
            om.read_ticks(path)


def test_lean_ticks_of_several_days(tmp_path):
    for day in ("20140502", "20140501"):
        zipped(
            tmp_path / f"{day}_quote.zip",
            f"{day}_eurusd_tick_quote.csv",
            "277,1.3867,1.38674",
            "86399999.5,1.3866,1.38674",
        )
    ticks = om.read_ticks(tmp_path)
    assert times(ticks)[1:3] == ["2014-05-01 23:59:59.999", "2014-05-02 00:00:00.277"]


def test_truefx_ticks(tmp_path):
    path = written(
        tmp_path / "EURUSD-2009-05.csv",
        "EUR/USD,20090501 00:00:00.344,1.3258,1.32588",
        "EUR/USD,20090501 00:00:00.356,1.32579,1.32589",
    )
    assert times(om.read_ticks(path)) == ["2009-05-01 00:00:00.344", "2009-05-01 00:00:00.356"]
    lines = ("EUR/USD,20090501 00:00:00.344,1.3258,1.32588", "USD/JPY,20090501 00:00:00.344,98.1,98.2")
    mixed = written(tmp_path / "mixed.csv", *lines)
    with pytest.raises(om.InputError, match="holds EURUSD, USDJPY; expected symbol="):
        om.read_ticks(mixed)
    assert om.read_ticks(mixed, symbol="USDJPY").frame["bid"].to_list() == [98.1]


def test_dukascopy_csv(tmp_path):
    path = written(
        tmp_path / "EURUSD_Candlestick_1_M_BID_01.01.2024-02.01.2024.csv",
        "Local time,Open,High,Low,Close,Volume",
        "02.01.2024 12:00:00.000 GMT+0200,1.1,1.1002,1.0999,1.1001,12.5",
    )
    assert times(om.read_bars(path)) == ["2024-01-02 10:00:00.000"]
    asks = written(
        tmp_path / "EURUSD_M1_ASK.csv",
        "Time (EET),Open,High,Low,Close,Volume",
        "02.07.2024 12:00:00.000,1.1,1.1,1.1,1.1,0",
    )
    with pytest.raises(om.InputError, match="bars of the ask side need a spread"):
        om.read_bars(asks)
    bars = om.read_bars(asks, spread_pips=1.0, instrument=EURUSD)
    assert times(bars) == ["2024-07-02 09:00:00.000"]
    assert bars.frame["bid_open"].to_list() == [1.0999]
    ticks = written(
        tmp_path / "t.csv", "Gmt time,Ask,Bid,AskVolume,BidVolume", "02.01.2024 12:00:00.105,1.10001,1.1,1,1.5"
    )
    assert om.read_ticks(ticks).frame["ask"].to_list() == [1.10001]


def test_dukascopy_bi5_ticks_count_months_from_zero(tmp_path):
    folder = tmp_path / "EURUSD" / "2019" / "01" / "04"
    bi5_ticks(folder / "08h_ticks.bi5", (105, 114_361, 114_359), (86_000, 114_362, 114_359))
    packed(folder / "09h_ticks.bi5", b"")
    ticks = om.read_ticks(tmp_path / "EURUSD")
    assert times(ticks) == ["2019-02-04 08:00:00.105", "2019-02-04 08:01:26.000"]
    assert ticks.frame.select("bid", "ask").rows()[0] == (1.14359, 1.14361)


def test_dukascopy_bi5_candles_of_both_sides(tmp_path):
    folder = tmp_path / "USDJPY" / "2019" / "11" / "31"
    bi5_candles(folder / "BID_candles_min_1.bi5", (0, 108_900, 108_910, 108_890, 108_920, 7.5))
    bars = om.read_bars(folder / "BID_candles_min_1.bi5")
    assert times(bars) == ["2019-12-31 00:00:00.000"]
    assert bars.frame.drop("time").row(0) == (108.9, 108.92, 108.89, 108.91, 7.5)
    bi5_candles(folder / "ASK_candles_min_1.bi5", (0, 108_905, 108_915, 108_895, 108_925, 7.5))
    assert om.read_bars(folder).frame["ask_high"].to_list() == [108.925]


def test_dukascopy_divisors(tmp_path):
    path = bi5_ticks(tmp_path / "USDJPY" / "2019" / "00" / "02" / "00h_ticks.bi5", (0, 108_905, 108_900))
    assert om.read_ticks(path).frame["bid"].to_list() == [108.9]
    with pytest.raises(om.InputError, match=r"divided by 100000 the price of USDJPY is 1.089.*expected divisor=1000"):
        om.read_ticks(path, divisor=1e5)
    index = bi5_ticks(tmp_path / "DEUIDXEUR" / "2019" / "00" / "02" / "00h_ticks.bi5", (0, 10_500_500, 10_500_000))
    assert om.read_ticks(index).frame["bid"].to_list() == [10_500.0]
    share = bi5_ticks(tmp_path / "BMWDEEUR" / "2019" / "00" / "02" / "00h_ticks.bi5", (0, 10_500_500, 10_500_000))
    with pytest.raises(om.InputError, match="nobody knows what the prices of BMWDEEUR are divided by"):
        om.read_ticks(share)
    assert om.read_ticks(share, divisor=1e3).frame["bid"].to_list() == [10_500.0]


def test_a_bi5_file_without_its_folders_says_what_is_expected(tmp_path):
    with pytest.raises(om.FileError, match=r"expected SYMBOL/2019/01/04/08h_ticks.bi5"):
        om.read_ticks(bi5_ticks(tmp_path / "08h_ticks.bi5", (0, 1, 1)))


def test_bars_where_ticks_are_and_the_other_way_round(tmp_path):
    flat().write_parquet(tmp_path / "bars.parquet")
    path = written(tmp_path / "t.csv", "EUR/USD,20090501 00:00:00.344,1.3258,1.32588")
    with pytest.raises(om.InputError, match=r"holds ticks, not bars; om.read_ticks reads them, om.resample"):
        om.read_bars(path)
    with pytest.raises(om.InputError, match=r"holds bars, not ticks; om.read_bars reads them"):
        om.read_ticks(tmp_path / "bars.parquet")
