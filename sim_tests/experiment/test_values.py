"""Every number of an experiment is checked where it is made, so that no value of a file or a command line goes on unseen."""
import pytest

from lava_opzo.errors import UserError
from lava_opzo.experiment.choose import choose
from lava_opzo.experiment.experiment import Data, Training, dumps, loads
from lava_opzo.experiment.layers import Layer, parse_layers
from lava_opzo.experiment.presets import digits


@pytest.mark.parametrize("text, reason", [
    ("", "--hidden: '' in '' names no layer"), ("0", "width 0 is outside 1..131072"), ("-5", "--hidden: '-5' in '-5' names no"),
    ("1e3", "'1e3' in"), ("200,", "names no layer"), ("²", "names no layer"), ("1_0", "names no layer"), ("8c", "names no layer"),
    ("8p2", "names no layer"), ("p", "names no layer"), ("p0", "kernel 0"), ("p2s0", "stride 0"),
    ("8c0", "kernel 0 is outside 1.."), ("0c3", "channels 0 is outside"), ("8c3s0", "stride 0"), ("8l3p999999", "padding 999999"),
    ("9" * 400, "width 999"), ("9" * 5000, "width 999"), ("131073", "width 131073 is outside"), ("x" * 5000, "5000 characters"),
    (",".join("1" * 1001), "1001 widths are above 1000")], ids=lambda text: text[:20])
def test_widths_that_no_network_has_are_one_line(text, reason):
    with pytest.raises(UserError) as error:
        parse_layers(text)
    assert reason in str(error.value) and len(str(error.value)) < 350


def test_widths_are_read_as_they_are_written():
    assert [layer.n for layer in parse_layers("200, 100")] == [200, 100] and parse_layers("131072")[0].n == 131072


def test_image_layers_are_read_as_they_are_written():
    expected = Layer("8c5s2", 8, "c", 5, 2, 2), Layer("16l3p0", 16, "l", 3, 1, 0), Layer("10", 10)
    assert parse_layers("8c5s2, 16l3p0 ,10") == expected
    assert parse_layers("p2,p3s2p1") == (Layer("p2", 0, "p", 2, 2, 0), Layer("p3s2p1", 0, "p", 3, 2, 1))


def test_no_widths_are_the_preset_and_empty_ones_are_refused():
    assert choose("digits", None, None)[0].network == digits().network
    with pytest.raises(UserError, match="--hidden: ''"):
        choose("digits", None, "")


@pytest.mark.parametrize("make, reason", [
    (lambda: Training(0), "epochs 0"), (lambda: Training(True), "epochs True"), (lambda: Training(1, -1), "order_seed -1"),
    (lambda: Training(1, 1 << 63), "order_seed"), (lambda: Training(1, 10**400), "order_seed 1000"),
    (lambda: Training(1, 1.5e300), "order_seed"), (lambda: Data(seed=-1), "seed -1"), (lambda: Data(seed=10**400), "seed 1000"),
    (lambda: Data(options={"n_test": 1 << 31}), "option n_test"),
    (lambda: Data(options={"n_test": float("nan")}), "option n_test"),
    (lambda: Data(options={"": 1}), "name ''"), (lambda: Data(""), "name ''"), (lambda: Data("x" * 101), "name"),
    (lambda: Data("a\nb"), r"name 'a\\nb'"), (lambda: Data(path="\udcff"), "is no UTF-8 text")])
def test_a_value_outside_its_range_is_refused_by_name(make, reason):
    with pytest.raises(UserError, match=reason) as error:
        make()
    assert len(str(error.value)) < 250 and "\n" not in str(error.value)


@pytest.mark.parametrize("value", ["-1", "true", "1.0", "nan", "inf", "9" * 400, "9" * 5000, "0x" + "f" * 5000, "''", "[]",
                                   "'" + "x" * 100_000 + "'", "1979-05-27", "{a = 1}", "[" * 3000], ids=lambda value: value[:20])
@pytest.mark.parametrize("key", ["order_seed = 0", "n_in = 65", "epochs = 3", "vth = 1000", "halve_every = 2874", "bias_exp = 2"])
def test_a_wrong_value_of_a_config_is_one_short_line(key, value):
    text = dumps(digits())
    assert f"{key}\n" in text
    with pytest.raises(UserError) as error:
        loads(text.replace(f"{key}\n", f"{key.split(' = ')[0]} = {value}\n", 1))
    assert "\n" not in str(error.value) and len(str(error.value)) < 400


@pytest.mark.parametrize("sigma", ["nan", "-inf", "-1.0", "128.0", "1e400", "true", "9" * 400])
def test_a_scale_that_is_none_is_refused(sigma):
    with pytest.raises(UserError, match="sigma"):
        loads(dumps(digits()).replace("    6.0,\n", f"    {sigma},\n"))
