"""Running again what a run was: its code, packages, data and command are looked for before anything starts."""

from runfolio.projects.reproducing.again import checkout as checkout
from runfolio.projects.reproducing.lock import lock_in as lock_in
from runfolio.projects.reproducing.plan import Plan as Plan
from runfolio.projects.reproducing.plan import Problem as Problem
from runfolio.projects.reproducing.planning import plan as plan
