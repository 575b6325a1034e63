"""Flood cases from files: a terrain, what stands on it, what drives the water; maps, series and a summary."""

from anlan.assess.water.cases.faults import CaseFault, FaultyCase
from anlan.assess.water.cases.run import Checked, check_case, run_case

__all__ = ["CaseFault", "Checked", "FaultyCase", "check_case", "run_case"]
