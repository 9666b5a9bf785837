import json
import tomllib

import pytest
from builders import EURUSD, settings

import omegasim as om
from omegasim.run_file import RunFile

TOML = """
seed = 42

[account]
currency = "USD"
balance = 100_000

[[instruments]]
symbol = "EURUSD"
base = "EUR"
quote = "USD"
tick_size = 1e-5
pip_size = 1e-4
contract_size = 100_000
volume_min = 0.01
volume_step = 0.01
volume_max = 200

[rules]
preset = "metatrader"
max_positions = 1

[sizing]
kind = "risk_amount"
amount = 100.0

[costs]
slippage = { kind = "uniform", fixed_pips = 0.2, random_pips = 0.3 }
commission = { kind = "per_lot", amount = 2.5 }

[data.EURUSD]
bars = "bars.parquet"

[signals]
path = "signals.csv"
"""


def test_toml_json_and_python_give_the_same_config(tmp_path):
    path = tmp_path / "run.toml"
    path.write_text(TOML)
    config = om.Config.from_toml(path)
    assert config == om.Config.from_json(config.to_json())
    assert config == om.Config(
        account=om.Account(currency="USD", balance=100_000.0),
        instruments=[EURUSD],
        rules=om.Rules.preset("metatrader", max_positions=1),
        sizing=om.Sizing.risk_amount(100.0),
        costs=om.Costs(slippage=om.Slippage.uniform(0.2, 0.3), commission=om.Commission.per_lot(2.5)),
        seed=42,
    )


def test_settings_are_frozen():
    with pytest.raises(ValueError, match="frozen"):
        settings().seed = 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("default", {"stop_trigger": "opposite", "beyond": "fill", "gap_fill": "open", "intrabar": "worst"}),
        ("metatrader", {"stop_trigger": "fill_side", "beyond": "reject", "gap_fill": "open", "intrabar": "candle"}),
        (
            "legacy",
            {
                "stop_trigger": "fill_side",
                "gap_fill": "level",
                "intrabar": "worst",
                "pip_buffer_factor": 0.5,
                "end_of_data": "keep",
                "margin_check": "off",
            },
        ),
    ],
)
def test_presets_are_those_of_the_execution_model(name, expected):
    rules = om.Rules.preset(name)
    assert {field: getattr(rules, field) for field in expected} == expected
    assert om.Rules(preset=name) == rules


def test_a_preset_yields_to_what_is_stated():
    assert om.Rules.preset("legacy", gap_fill="open").gap_fill == "open"


def test_z4_legacy_takes_the_least_volume_unless_told_otherwise():
    legacy = om.Rules.preset("legacy")
    assert settings(rules=legacy, sizing=om.Sizing.risk_amount(1.0)).sizing.below_min == "min"
    told = om.Sizing(kind="risk_amount", amount=1.0, below_min="reject")
    assert settings(rules=legacy, sizing=told).sizing.below_min == "reject"
    assert settings(sizing=om.Sizing.risk_amount(1.0)).sizing.below_min == "reject"


WRONG = [
    ("account", {"currency": "USD", "balanse": 1.0}, "account: unknown key 'balanse'; did you mean 'balance'?"),
    ("account", {"currency": "USD", "balance": -1.0}, "account.balance: expected a number of at least 0, found -1.0"),
    ("account", {"currency": "USD", "balance": float("nan")}, "account.balance: expected a finite number, found nan"),
    ("account", {"currency": " ", "balance": 1.0}, "account.currency: expected a name that is not empty, found ' '"),
    ("account", {"currency": "USD"}, "account.balance: missing"),
    ("account", 3, "account: expected a table of settings, found 3"),
    ("seed", "1", "seed: expected a whole number, found '1'"),
    ("sezing", {}, "unknown key 'sezing'; did you mean 'sizing'?"),
    ("rules", {"intrabar": "bad"}, "rules.intrabar: expected 'worst', 'best'"),
    ("rules", {"preset": "mt5"}, "rules.preset: expected 'default', 'metatrader' or 'legacy', found 'mt5'"),
    ("rules", {"max_positions": 0}, "rules.max_positions: expected a number of at least 1, found 0"),
    ("rules", {"signal_timeframe": "H7"}, 'rules.signal_timeframe: unknown timeframe "H7"'),
    ("costs", {"slippage": {"kind": "fixed"}}, "costs.slippage: slippage 'fixed' needs 'pips'"),
    ("costs", {"slippage": {"kind": "none", "pips": 1.0}}, "costs.slippage: slippage 'none' takes no 'pips'"),
    ("costs", {"commission": {"kind": "per_lot", "amount": -1}}, "costs.commission.amount: expected a number of at"),
    ("sizing", {"kind": "kelly", "amount": 1.0}, "sizing.kind: expected 'fixed_lots'"),
    ("instruments", [], "instruments: expected at least one"),
]


@pytest.mark.parametrize(("key", "value", "message"), WRONG)
def test_a_wrong_value_is_named_with_its_path(key, value, message):
    values = {**json.loads(settings().to_json()), key: value}
    with pytest.raises(om.InputError) as caught:
        om.Config.from_json(json.dumps(values))
    assert message in str(caught.value)
    assert caught.value.code == 1001
    assert isinstance(caught.value, ValueError)


def test_a_wrong_value_in_a_list_is_named_with_its_place():
    values = json.loads(settings().to_json())
    values["instruments"][0]["tick_sise"] = 1
    with pytest.raises(om.InputError, match=r"instruments\[0\]: unknown key 'tick_sise'; did you mean 'tick_size'"):
        om.Config.from_values(values)


def test_python_constructors_report_the_same_way():
    with pytest.raises(om.InputError, match="amount: expected a number above 0, found 0"):
        om.Sizing.risk_amount(0)
    with pytest.raises(om.InputError, match="each symbol once"):
        settings(instruments=[EURUSD, EURUSD])
    with pytest.raises(om.InputError, match="volume_max: expected at least volume_min"):
        om.Instrument(**{**EURUSD.model_dump(), "volume_max": 0.001})


def test_the_core_accepts_what_the_models_write():
    for rules in ("default", "metatrader", "legacy"):
        for slippage in (om.Slippage.none(), om.Slippage.fixed(1), om.Slippage.volatility(0.1), om.Slippage.spread(1)):
            config = settings(rules=om.Rules.preset(rules), costs=om.Costs(slippage=slippage))
            om.simulate(om.synthetic_bars(EURUSD, bars=10), None, config)


def test_config_files_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(om.MissingFileError, match=r"nowhere\.toml: no such file"):
        om.Config.from_toml(tmp_path / "nowhere.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("[account\n")
    with pytest.raises(om.FileError, match=r"broken\.toml: not TOML"):
        om.Config.from_toml(broken)


def test_what_a_config_file_runs_on_is_left_to_the_run(tmp_path):
    text = TOML.replace("[signals]", "[strategy]").replace('path = "signals.csv"', 'class = "module:Class"')
    (tmp_path / "run.toml").write_text(f'news = "news.csv"\n{text}\n[rates.GBPUSD]\nbars = "gbpusd.csv"\n')
    assert om.Config.from_toml(tmp_path / "run.toml").symbols == ("EURUSD",)


def test_the_schema_knows_every_table_of_the_config_file():
    schema = RunFile.json_schema()
    assert schema["properties"].keys() == {
        "account", "instruments", "rules", "sizing", "costs", "seed", "data", "signals", "strategy", "news", "rates",
    }  # fmt: skip
    assert tomllib.loads(TOML).keys() <= schema["properties"].keys()
    assert "preset" in schema["$defs"]["Rules"]["properties"]
