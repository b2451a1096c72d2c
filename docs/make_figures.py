"""Draw the figures of the documentation: python docs/make_figures.py"""
from pathlib import Path

from lava_opzo.experiment.presets import digits
from lava_opzo.report.figures import timeline_picture

if __name__ == "__main__":
    timeline_picture(Path(__file__).with_name("timeline.png"), digits().network)
