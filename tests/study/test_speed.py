"""The whole juvenile dermatomyositis study, cold, within its time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

STUDY = Path(__file__).parents[2] / "examples" / "baricitinib_jdm"
SECONDS = 6

SCRIPT = """
import json, resource, sys
from pathlib import Path
from myosotis.run import run_study
run_study(Path(sys.argv[1]), Path(sys.argv[2]))
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps(used.ru_utime + used.ru_stime))
"""


def test_a_cold_study_stays_within_its_processor_time(tmp_path):
    """The engine works in a second process beside this one, so on two free cores the run takes what this one uses.

    Processor time is judged, because other tests share the machine; the least of two runs leaves out a disturbed one.
    """
    used = []
    for i in range(2):
        command = [sys.executable, "-c", SCRIPT, str(STUDY), str(tmp_path / str(i))]
        found = subprocess.run(command, check=True, capture_output=True, text=True)
        used.append(json.loads(found.stdout))
    assert min(used) < SECONDS
