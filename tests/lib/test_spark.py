import pytest

from wayhome.lib import spark as sparks
from wayhome.lib.spark import SparkMissing, session, shared_out, why_missing


@pytest.mark.spark
@pytest.mark.slow
def test_work_comes_back_in_the_order_of_its_pieces():
    heard = []

    with session("wayhome test", "local[2]") as spark:
        found = list(
            shared_out(
                spark,
                range(20),
                lambda piece: [piece, piece * 10],
                lambda done, of: heard.append((done, of)),
            )
        )
        host = spark.sparkContext.getConf().get("spark.driver.host")

    assert found == [x for piece in range(20) for x in (piece, piece * 10)]
    assert heard[-1] == (20, 20)
    assert host == "127.0.0.1"


def test_what_is_missing_is_said(monkeypatch):
    monkeypatch.setattr(sparks.importlib.util, "find_spec", lambda _: None)

    assert "pip install" in why_missing()
    with pytest.raises(SparkMissing, match="pip install"), session("wayhome test"):
        pass


def test_java_is_missed_too(monkeypatch):
    monkeypatch.setattr(sparks.importlib.util, "find_spec", lambda _: True)
    monkeypatch.setattr(sparks.shutil, "which", lambda _: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)

    assert "Java" in why_missing()
