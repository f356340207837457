"""What is told of a move: JSON of the shape of MLflow's webhooks, signed as those are."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from runfolio.core.registry.chain import Entry
from runfolio.store.registry.deliveries import Delivery

# Tells our ids from those that others make of texts.
_SPACE = uuid.UUID("6f1d9a52-6c0e-5d53-9d35-2b0c5e7a1f44")
VERSION = "v1"


@dataclass(frozen=True, slots=True)
class Message:
    """What is told.

    Attributes:
        id: the same at each attempt, so that who is told twice can see it.
        values: what stands for the placeholders of a command.
        body: JSON.
    """

    id: str
    values: dict[str, str]
    body: str

    def headers(self, secret: str, now: float) -> dict[str, str]:
        """The headers of a post at a time in epoch seconds; signed if there is a secret.

        Source: MLflow 3, `mlflow/webhooks/delivery.py`.
        """
        time = str(int(now))
        found = {"Content-Type": "application/json", "X-MLflow-Delivery-Id": self.id, "X-MLflow-Timestamp": time}
        return found | ({"X-MLflow-Signature": sign(secret, self.id, time, self.body)} if secret else {})


def message_of(delivery: Delivery) -> Message:
    """What a delivery tells."""
    entry = delivery.entry
    values = {
        "model": entry.model,
        "version": str(entry.version),
        "stage": str(entry.new),
        "from": "" if entry.old is None else str(entry.old),
    }
    return Message(str(uuid.uuid5(_SPACE, f"{entry.hash}.{delivery.id}")), values, json.dumps(_told(entry)))


def _told(entry: Entry) -> dict[str, object]:
    data = {
        "name": entry.model,
        "version": str(entry.version),
        "from_stage": entry.old,
        "to_stage": entry.new,
        "move": entry.action,
        "user": entry.user,
        "reason": entry.reason,
        "audit_number": entry.number,
        "audit_hash": entry.hash,
    }
    time = datetime.fromtimestamp(entry.time / 1000, UTC).isoformat()
    return {"entity": "model_version_stage", "action": "changed", "timestamp": time, "data": data}


def sign(secret: str, id: str, time: str, body: str) -> str:
    """The signature of a message: `v1,` and the base64 of HMAC-SHA256 over id, time and body, with dots between."""
    signed = hmac.new(secret.encode(), f"{id}.{time}.{body}".encode(), hashlib.sha256).digest()
    return f"{VERSION},{base64.b64encode(signed).decode()}"
