"""The JSON schema of a config takes every preset and refuses keys and types that the reader refuses."""
import json

import pytest

from lava_opzo.experiment.experiment import Experiment, schema
from lava_opzo.experiment.presets import PRESETS
from lava_opzo.network.form import changed
from sim_tests.helpers.commands import command
from sim_tests.helpers.networks import patched_network

SCHEMA = schema()
TYPES = {"integer": int, "number": (int, float), "string": str, "boolean": bool, "object": dict, "array": list}


def faults(value, rule, place="file"):
    """The places where a value breaks a rule of the schema, by the few words of JSON schema that it uses."""
    if "$ref" in rule:
        return faults(value, SCHEMA["$defs"][rule["$ref"].rsplit("/", 1)[1]], place)
    for word in ("oneOf", "anyOf"):
        if word in rule:
            found = [faults(value, one, place) for one in rule[word]]
            return [] if [] in found else min(found, key=len)
    wanted = TYPES.get(rule.get("type"), object)
    if not isinstance(value, wanted) or isinstance(value, bool) and wanted is not bool and wanted is not object:
        return [f"{place}: no {rule['type']}"]
    if "const" in rule and value != rule["const"] or "enum" in rule and value not in rule["enum"]:
        return [f"{place}: another value"]
    if isinstance(value, list):
        rules = rule.get("prefixItems") or [rule.get("items", {})] * len(value)
        pairs = enumerate(zip(value, rules, strict=True))
        return [fault for number, (one, inner) in pairs for fault in faults(one, inner, f"{place}.{number}")]
    if not isinstance(value, dict):
        return []
    known, rest = rule.get("properties", {}), rule.get("additionalProperties", {})
    found = [f"{place}.{key}: missing" for key in rule.get("required", []) if key not in value]
    for key, one in value.items():
        if key not in known and rest is False:
            found.append(f"{place}.{key}: unknown")
        else:
            found += faults(one, known.get(key, rest or {}), f"{place}.{key}")
    return found


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_and_an_image_network_follow_the_schema(name):
    preset = PRESETS[name]()
    assert faults(preset.document(), SCHEMA) == []
    wired = Experiment(preset.data, changed(patched_network(), seed=3), preset.training)
    assert faults(wired.document(), SCHEMA) == []


def test_a_wrong_key_a_wrong_type_and_a_missing_key_break_it():
    document = PRESETS["digits"]().document()
    document["network"]["seed"] = "one"
    document["network"]["hidden"][1]["vht"] = 3
    del document["network"]["readout"]["n"]
    assert sorted(faults(document, SCHEMA)) == [
        "file.network.hidden.1.vht: unknown", "file.network.readout.n: missing", "file.network.seed: no integer"]


def test_the_command_prints_it():
    assert json.loads(command("schema").output) == SCHEMA
    assert json.loads(command("schema", "--json").output) == SCHEMA
