"""Lava Processes of lava-opzo and their models; Lava finds a model only in the folder of its Process."""
from pathlib import Path

PROCESSES = ("learning_patches", "opzo_baseline_readout", "opzo_conv", "opzo_dense", "opzo_dense_readout", "opzo_lif",
             "opzo_local", "opzo_readout", "sample_source", "variable_source", "weight_probe")
"""Folders with a Process each; learning_dense has a model of a stock Process."""

_missing = [name for name in (*PROCESSES, "learning_dense") if not (Path(__file__).parent / name / "models.py").is_file()]
if _missing:
    raise ImportError(f"process_models: {', '.join(_missing)} is missing in {Path(__file__).parent}; install lava-opzo again")
