"""Where projects run: in environments that are made of what they declare, or in containers."""

from runfolio.projects.environments.planning import Status as Status
from runfolio.projects.environments.planning import status as status
from runfolio.projects.environments.prepared import Prepared as Prepared
from runfolio.projects.environments.preparing import prepare as prepare
from runfolio.projects.environments.preparing import prepare_locked as prepare_locked
