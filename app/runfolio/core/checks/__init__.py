"""Health checks: what can be told of a run that has ended from what it logged, each in one sentence."""

from runfolio.core.checks.all import CHECKS as CHECKS
from runfolio.core.checks.all import VERSION as VERSION
from runfolio.core.checks.all import check_run as check_run
from runfolio.core.checks.findings import Facts as Facts
from runfolio.core.checks.findings import Finding as Finding
from runfolio.core.checks.findings import Verdict as Verdict
from runfolio.core.checks.findings import rank as rank
