"""Makes `simulated_run` importable for the tests beside it."""

import importlib.util
import sys
from pathlib import Path

_SPEC = importlib.util.spec_from_file_location("simulated_run", Path(__file__).with_name("simulated_run.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
_MODULE = importlib.util.module_from_spec(_SPEC)
sys.modules["simulated_run"] = _MODULE
_SPEC.loader.exec_module(_MODULE)
