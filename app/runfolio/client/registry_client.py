"""The part of MLflow's client class that is about registered models, and what this registry has besides."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from runfolio.client import registry, registry_search
from runfolio.client.paging import PagedList
from runfolio.client.registry_entities import ModelVersion, RegisteredModel
from runfolio.client.tracker import Tracker
from runfolio.core import rules
from runfolio.core.registry.names import PRODUCTION, version_number

if TYPE_CHECKING:
    from runfolio.core.registry.chain import Entry
    from runfolio.store.registry.transitions import Preview
    from runfolio.store.registry.verify import Proof

#: A version's number, as MLflow's functions take it.
Number: TypeAlias = str | int

MODELS_OF_A_PAGE, VERSIONS_OF_A_PAGE = 100, 10_000


class RegistryClient(ABC):
    """Registered models and their versions. Methods raise NotFound for what is not there.

    A version is given by its number, as text or not. Each change is an entry of the registry's log; `reason` says there
    why it was made.
    """

    @abstractmethod
    def _tracker(self) -> Tracker:
        """The store."""

    # Models

    def create_registered_model(
        self,
        name: str,
        tags: Mapping[str, Any] | None = None,
        description: str | None = None,
        deployment_job_id: str | None = None,
        *,
        reason: str = "",
    ) -> RegisteredModel:
        """Make a registered model, without versions. MLflow's `deployment_job_id` is taken and not used.

        Raises:
            AlreadyExists: there is one of that name, or of one that some system takes for the same.
            InvalidValue: the name breaks a rule.
        """
        return registry.create_model(self._tracker(), name, tags, description, reason)

    def rename_registered_model(self, name: str, new_name: str, *, reason: str = "") -> RegisteredModel:
        """Give a model another name. Raises AlreadyExists, InvalidValue."""
        from runfolio.store.registry import models

        target = self._tracker()
        models.rename_model(target.opened_store(), name, new_name, reason)
        return registry.get_model(target, new_name)

    def update_registered_model(
        self, name: str, description: str | None = None, deployment_job_id: str | None = None
    ) -> RegisteredModel:
        """Say what a model is, in Markdown; None takes the description away. `deployment_job_id` is not used."""
        from runfolio.store.registry import models

        target = self._tracker()
        models.describe_model(target.opened_store(), name, description or "")
        return registry.get_model(target, name)

    def delete_registered_model(self, name: str, *, force: bool = False, reason: str = "") -> None:
        """Put a model with its versions into the trash.

        Raises:
            RunStateError: a version is in a stage where it serves, such as Production, and it is not forced.
        """
        from runfolio.store.registry import models

        models.delete_model(self._tracker().opened_store(), name, reason, force)

    def restore_registered_model(self, name: str) -> RegisteredModel:
        """Take a model with its versions out of the trash."""
        from runfolio.store.registry import models

        target = self._tracker()
        models.restore_model(target.opened_store(), name)
        return registry.get_model(target, name)

    def get_registered_model(self, name: str) -> RegisteredModel:
        """A registered model as it is now."""
        return registry.get_model(self._tracker(), name)

    def search_registered_models(
        self,
        filter_string: str | None = None,
        max_results: int = MODELS_OF_A_PAGE,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[RegisteredModel]:
        """A page of the models that a filter lets pass, by name; its `token` asks for the next one.

        Raises FilterError.
        """
        return registry_search.models(self._tracker(), filter_string, order_by, max_results, page_token)

    def set_registered_model_tag(self, name: str, key: str, value: Any) -> None:
        """Set a tag of a model."""
        from runfolio.store.registry import models

        models.tag_model(self._tracker().opened_store(), name, key, rules.tag_value(value))

    def delete_registered_model_tag(self, name: str, key: str) -> None:
        """Remove a tag of a model."""
        from runfolio.store.registry import models

        models.tag_model(self._tracker().opened_store(), name, key, None)

    def get_latest_versions(self, name: str, stages: Sequence[str] | None = None) -> list[ModelVersion]:
        """The newest version of each of some stages, or of all. Raises InvalidValue: there is no such stage."""
        return registry.latest_versions(self._tracker(), name, stages)

    def get_registered_model_policy(self, name: str) -> str:
        """The stages and gates of a model, as somebody wrote them in YAML; "" of one with the rules of all."""
        from runfolio.store.registry import policies

        return policies.policy_text(self._tracker().opened_store(), name)

    def set_registered_model_policy(self, name: str, policy: str, *, reason: str = "") -> None:
        """Give a model stages and gates, in YAML. Raises InvalidValue, with the place in it."""
        from runfolio.store.registry import policies

        policies.set_policy(self._tracker().opened_store(), name, policy, reason)

    # Versions

    def create_model_version(
        self,
        name: str,
        source: str,
        run_id: str | None = None,
        tags: Mapping[str, Any] | None = None,
        run_link: str | None = None,
        description: str | None = None,
        await_creation_for: int = 300,
        model_id: str | None = None,
        *,
        reason: str = "",
    ) -> ModelVersion:
        """Make files the next version of a model; its files are its own, whatever becomes of those.

        MLflow's `await_creation_for` and `model_id` are taken and not used: the version is whole on return, and its
        files say which model they are.

        Args:
            source: an address, such as `runs:/<run id>/model`, or a path.
            run_id: the run that they are from, if the address does not say it.
            run_link: an address of the run, where it is elsewhere.
        """
        from runfolio.client.registry_sources import source_of

        target = self._tracker()
        found = source_of(target, source, run_id, run_link)
        return registry.create_version(target, name, found, tags=tags, description=description, reason=reason)

    def copy_model_version(self, src_model_uri: str, dst_name: str, *, reason: str = "") -> ModelVersion:
        """Register a version, given by its address, under another model, which is made if there is none."""
        return registry.copy_version(self._tracker(), src_model_uri, dst_name, reason)

    def update_model_version(self, name: str, version: Number, description: str | None = None) -> ModelVersion:
        """Say what a version is, in Markdown; None takes the description away."""
        from runfolio.store.registry import versions

        target = self._tracker()
        versions.describe_version(target.opened_store(), name, version_number(version), description or "")
        return registry.get_version(target, name, version)

    def delete_model_version(self, name: str, version: Number, *, force: bool = False, reason: str = "") -> None:
        """Put a version into the trash; its number is never given again.

        Raises:
            RunStateError: it is in a stage where it serves, such as Production, and it is not forced.
        """
        from runfolio.store.registry import versions

        versions.delete_version(self._tracker().opened_store(), name, version_number(version), reason, force)

    def restore_model_version(self, name: str, version: Number) -> ModelVersion:
        """Take a version out of the trash, without the aliases that it had."""
        from runfolio.store.registry import versions

        target = self._tracker()
        versions.restore_version(target.opened_store(), name, version_number(version))
        return registry.get_version(target, name, version)

    def get_model_version(self, name: str, version: Number) -> ModelVersion:
        """A version as it is now."""
        return registry.get_version(self._tracker(), name, version)

    def search_model_versions(
        self,
        filter_string: str | None = None,
        max_results: int = VERSIONS_OF_A_PAGE,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[ModelVersion]:
        """A page of the versions that a filter lets pass, those changed last first; its `token` asks for the next one.

        Raises FilterError.
        """
        return registry_search.versions(self._tracker(), filter_string, order_by, max_results, page_token)

    def get_model_version_download_uri(self, name: str, version: Number) -> str:
        """The folder that has a version's files."""
        return registry.download_uri(self._tracker(), name, version)

    def get_model_version_stages(self, name: str, version: Number) -> list[str]:
        """The stages that a version can have, in order."""
        target = self._tracker()
        registry.get_version(target, name, version)
        return list(registry.get_model(target, name).stages)

    def set_model_version_tag(
        self,
        name: str,
        version: Number | None = None,
        key: str | None = None,
        value: Any = None,
        stage: str | None = None,
    ) -> None:
        """Set a tag of a version, or of the newest one that is in a stage."""
        registry.tag_version(self._tracker(), name, version, stage, key, rules.tag_value(value))

    def delete_model_version_tag(
        self, name: str, version: Number | None = None, key: str | None = None, stage: str | None = None
    ) -> None:
        """Remove a tag of a version, or of the newest one that is in a stage."""
        registry.tag_version(self._tracker(), name, version, stage, key, None)

    # Stages and aliases

    def transition_model_version_stage(
        self,
        name: str,
        version: Number,
        stage: str,
        archive_existing_versions: bool | None = None,
        *,
        reason: str = "",
        signed_off_by: str = "",
    ) -> ModelVersion:
        """Move a version to a stage, at once and durably.

        Args:
            archive_existing_versions: move those that are there to Archived. By default, unlike in MLflow, where the
                model's policy says that one version holds the stage: Staging and Production, if it says nothing.
            reason: why; asked for where a gate that fails asks for it.
            signed_off_by: who says yes with it, where the gates ask for somebody.

        Raises:
            InvalidValue: there is no such stage.
            GateFailed: the gates do not let it pass.
        """
        asked = archive_existing_versions
        return registry.move(self._tracker(), name, version, stage, asked, reason, signed_off_by)

    def preview_transition(self, name: str, version: Number, stage: str, *, signed_off_by: str = "") -> Preview:
        """What a move would do: what the gates say to it, and which versions it would archive."""
        from runfolio.store.registry import transitions

        store = self._tracker().opened_store()
        return transitions.preview(store, name, version_number(version), stage, signed_off_by)

    def rollback_model(self, name: str, stage: str = PRODUCTION, *, reason: str = "") -> ModelVersion:
        """Move the version that was in a stage before back there, archive the one that is, and return it.

        Gates are not asked: it has passed them.
        """
        return registry.roll_back(self._tracker(), name, stage, reason)

    def set_registered_model_alias(self, name: str, alias: str, version: Number, *, reason: str = "") -> None:
        """Give an alias to a version; it leaves the one that has it. Raises InvalidValue."""
        from runfolio.store.registry import aliases

        aliases.set_alias(self._tracker().opened_store(), name, alias, version_number(version), reason)

    def delete_registered_model_alias(self, name: str, alias: str, *, reason: str = "") -> None:
        """Take an alias away."""
        from runfolio.store.registry import aliases

        aliases.delete_alias(self._tracker().opened_store(), name, alias, reason)

    def get_model_version_by_alias(self, name: str, alias: str) -> ModelVersion:
        """The version that has an alias. Raises InvalidValue."""
        return registry.version_by_alias(self._tracker(), name, alias)

    # The log

    def registry_log(self, name: str | None = None) -> list[Entry]:
        """What was done in the registry, or with one model under all names it had; the oldest first."""
        from runfolio.store.registry import audit

        return audit.read_entries(self._tracker().opened_store(), name)

    def verify_registry(self, name: str | None = None) -> Proof:
        """Prove the log, the tables and the files of all models, or of one; all that is wrong is named."""
        from runfolio.store.registry.verify import verify

        return verify(self._tracker().opened_store(), name)
