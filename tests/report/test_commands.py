import pytest
from test_cli import config, omegasim, sentence  # noqa: F401


@pytest.fixture(scope="module")
def run(config, tmp_path_factory):  # noqa: F811
    folder = tmp_path_factory.mktemp("runs") / "run"
    done = omegasim("run", config, "--out", folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"report: {folder / 'report.html'}" in done.stdout
    return folder


def test_run_writes_the_page_unless_told_not_to(run, config, tmp_path):  # noqa: F811
    assert '"quotes":{"EURUSD"' in (run / "report.html").read_text(encoding="utf-8")
    assert omegasim("run", config, "--out", tmp_path / "bare", "--no-report").returncode == 0
    assert not (tmp_path / "bare" / "report.html").exists()
    done = omegasim("report", tmp_path / "bare")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{tmp_path / 'bare' / 'report.html'}\n", "")
    assert "holds no market data" in (tmp_path / "bare" / "report.html").read_text(encoding="utf-8")


def test_report_keeps_a_page_that_is_there_and_makes_one_with_data(run, config, tmp_path):  # noqa: F811
    before = (run / "report.html").stat().st_mtime_ns
    assert omegasim("report", run).returncode == 0
    assert (run / "report.html").stat().st_mtime_ns == before
    out = tmp_path / "page.html"
    assert omegasim("report", run, "--data", config, "--out", out).returncode == 0
    assert '"quotes":{"EURUSD"' in out.read_text(encoding="utf-8")
    assert "exists already" in sentence(omegasim("report", run, "--out", out))
    assert omegasim("report", run, "--out", out, "--force").returncode == 0


def test_report_refuses_data_of_another_run(run, tmp_path):
    from test_cli import BARS, write_inputs

    import omegasim as om

    other = write_inputs(tmp_path, om.Bars(BARS.frame[:-5]))
    done = omegasim("report", run, "--data", other, "--out", tmp_path / "x.html")
    assert done.returncode == 1
    assert "the data of EURUSD are not those of the saved run" in sentence(done)


def test_report_of_no_run_is_one_sentence(tmp_path):
    assert "no such folder" in sentence(omegasim("report", tmp_path / "nowhere"))


def test_compare_writes_one_page(run, tmp_path):
    out = tmp_path / "both.html"
    done = omegasim("compare", run, run, "--out", out)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{out}\n", "")
    page = out.read_text(encoding="utf-8")
    assert "all fingerprints equal" in page
    assert "The trades are the same in every column." in page
    assert "exists already" in sentence(omegasim("compare", run, run, "--out", out))
    assert omegasim("compare", run, "--out", out).returncode == 2
