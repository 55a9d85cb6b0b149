"""Where objects are built (装配): settings in, a ready engine out. Nothing else in the package constructs services."""

from __future__ import annotations

import errno
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Self

from rag.app.audit.log import AUDIT_FOLDER, AuditLog
from rag.app.audit.recorder import Recorder
from rag.app.keys import KeyRing
from rag.app.live import LiveReader, ingest_command
from rag.app.models_in_use import Models
from rag.app.proxies import Proxies
from rag.app.reader import Reader
from rag.app.sessions import Sessions
from rag.domain.access import Scope
from rag.domain.document import DOCUMENT_ID_DIGITS
from rag.durability import refusals_told
from rag.errors import (
    ConfigurationError,
    IndexDamaged,
    IndexMissing,
    IndexOlder,
    IndexUnavailable,
)
from rag.indexes.encoder import Encoder
from rag.indexes.generation import live_manifest
from rag.settings import Settings
from rag.store.repository import CATALOG_FILE, Catalog
from rag.store.seal import break_seal, is_sealed

if TYPE_CHECKING:
    from rag.answering.drafting.drafter import Drafter
    from rag.app.oidc.signing_in import OpenIdSignIn
    from rag.app.page_pictures import PagePictures
    from rag.ingest import IngestReport, Progress
    from rag.ingest.taking import Taken
    from rag.loaders.sandbox import Sandbox


PICTURES_FOLDER = "page-pictures"

_SET_ASIDE_SUFFIX = ".damaged"
_WRITER_WAIT_SECONDS = 30.0


def _drafter_of(settings: Settings) -> Drafter | None:
    """Return what has drafts written, where an endpoint is set. One for all generations: it knows when to rest."""
    if settings.llm_base_url is None or settings.llm_model is None:
        return None
    from rag.answering.drafting.drafter import Drafter
    from rag.answering.drafting.endpoint import Address, ChatEndpoint

    address = Address(
        settings.llm_base_url,
        settings.llm_model,
        settings.llm_api_key.get_secret_value() if settings.llm_api_key is not None else None,
        seconds=settings.llm_seconds,
        tokens=settings.llm_tokens,
        calls=settings.llm_calls,
    )
    return Drafter(ChatEndpoint(address), public_only=settings.llm_public_only)


def _openid_of(settings: Settings, sessions: Sessions) -> OpenIdSignIn | None:
    """Return what signs people in, where a provider is set."""
    if settings.oidc_issuer is None:
        return None
    from rag.app.oidc.signing_in import OpenIdSignIn

    return OpenIdSignIn(settings, sessions)


class Engine:
    """All of the product over one index folder. Safe across threads; readers follow what writers publish."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._turn = threading.RLock()
        self.models = Models(settings)
        self.proxies = Proxies.of(
            settings.proxies, settings.proxy_user_header, settings.proxy_groups_header, settings.proxy_roles
        )
        self.keys = KeyRing(
            settings.state_folder,
            settings.api_keys,
            personal_data=settings.show_personal,
            are_needed=self.proxies.user_header is not None or settings.oidc_issuer is not None,
        )
        self.sessions = Sessions(settings.state_folder)
        self.openid = _openid_of(settings, self.sessions)
        self.audit = Recorder(self.audit_log, days=settings.audit_days) if settings.audit else None
        self._sandbox: Sandbox | None = None
        self._pictures: PagePictures | None = None
        self._live = LiveReader(settings, lambda: self.models, _drafter_of(settings))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the catalog, write what the audit log still has to, and stop what is reading files."""
        if self.audit is not None:
            self.audit.close()
        with self._turn:
            if self._pictures is not None:
                self._pictures.close()
                self._pictures = None
            if self._sandbox is not None:
                self._sandbox.close()
                self._sandbox = None
            self._live.close()
            self.models.close()

    @property
    def encoder(self) -> Encoder:
        """The encoder of the settings, loaded at first use."""
        return self.models.encoder

    @property
    def audit_log(self) -> AuditLog:
        """The audit log, outside the index."""
        return AuditLog(self.settings.state_folder / AUDIT_FOLDER)

    @property
    def note(self) -> str | None:
        """What an operator should know of the index that is served, ``None`` when all is as set."""
        return self._live.note

    @property
    def sandbox(self) -> Sandbox:
        """The processes that read files, started as they are needed."""
        from rag.loaders.confinement import Limits
        from rag.loaders.sandbox import Sandbox

        with self._turn:
            if self._sandbox is None:
                limits = Limits(seconds=self.settings.parse_seconds, megabytes=self.settings.parse_megabytes)
                self._sandbox = Sandbox(limits=limits, workers=self.settings.parse_workers)
            return self._sandbox

    @property
    def pictures(self) -> PagePictures:
        """What shows pages as pictures. It reads in processes of its own: who looks does not wait for an ingest."""
        from rag.app.page_pictures import PagePictures

        with self._turn:
            if self._pictures is None:
                self._pictures = PagePictures(
                    self.settings.index_dir / PICTURES_FOLDER,
                    megabytes=self.settings.picture_megabytes,
                    worker_megabytes=self.settings.parse_megabytes,
                )
            return self._pictures

    @property
    def operator_scope(self) -> Scope:
        """The scope of the local operator: every document, personal data masked unless the settings say otherwise."""
        return Scope.everything(personal_data=self.settings.show_personal)

    @property
    def catalog_path(self) -> Path:
        """Where the catalog is."""
        return self.settings.index_dir / CATALOG_FILE

    @property
    def ingest_command(self) -> str:
        """The command that builds the index."""
        return ingest_command(self.settings)

    def reader(self) -> Reader:
        """Return a reader of the live generation; see ``LiveReader.get``."""
        return self._live.get()

    # ------------------------------------------------------------------------------------- writing

    def ingest(
        self,
        paths: Iterable[Path],
        *,
        prune: bool = False,
        reread: bool = False,
        on_progress: Callable[[Progress], None] = lambda _: None,
        ready: Mapping[str, Taken] = MappingProxyType({}),
        as_indexed: bool = False,
    ) -> IngestReport:
        """Bring the index in step with files and folders; see ``rag.ingest.ingest``.

        Args:
            paths: Files and folders.
            prune: See there; and so ``reread``, ``on_progress`` and ``ready``.
            reread: See there.
            on_progress: See there.
            ready: See there.
            as_indexed: Go on with the encoder that the index was made with. Otherwise it is made anew when the
                settings name another one.

        Raises:
            ConfigurationError: The index folder cannot be written to, or the encoder cannot be loaded.
            IndexLocked: Another process went on writing to it for too long.
            IndexMismatch: The encoder that the index was made with is not here.
        """
        from rag.ingest import ingest

        with self._catalog_to_write() as catalog:
            report = ingest(
                paths,
                catalog=catalog,
                encoder=self._encoder_as_indexed() if as_indexed else self.encoder,
                index_dir=self.settings.index_dir,
                prune=prune,
                reread=reread,
                on_progress=on_progress,
                sandbox=self.sandbox,
                ready=ready,
            )
            self._forget_pictures(catalog)
            return report

    def remove(self, document_id: str) -> IngestReport:
        """Remove a document with all its sources from catalog and index."""
        from rag.ingest import remove

        with self._catalog_to_write() as catalog:
            encoder = self._encoder_as_indexed()
            report = remove(document_id, catalog=catalog, encoder=encoder, index_dir=self.settings.index_dir)
            self._forget_pictures(catalog)
            return report

    def _forget_pictures(self, catalog: Catalog) -> None:
        """Delete the pictures of pages of documents that are gone: what is withdrawn must not linger."""
        folder = self.settings.index_dir / PICTURES_FOLDER
        if not folder.is_dir():
            return
        kept = {sha256[:DOCUMENT_ID_DIGITS]: sha256 for sha256 in self.pictures.kept()}
        known = catalog.summaries(list(kept), scope=Scope.everything())
        self.pictures.forget_all_but(kept[document_id] for document_id in known)

    def problems(self) -> list[str]:
        """Return what is wrong with the index, each with what mends it; empty when all is well."""
        from rag.indexes.synchronisation import verify

        try:
            self._live.published()
            with Catalog.open(self.catalog_path, read_only=True) as catalog:
                found = verify(self.settings.index_dir, catalog)
            if not found:
                self.reader()  # sound, but perhaps made with another encoder than the one set
        except IndexUnavailable as error:
            return [f"{error} → {error.remedy}" if error.remedy else str(error)]
        return found

    def is_behind(self) -> bool:
        """Tell whether documents are stored that are not indexed yet, as after a run that was cut off.

        Raises:
            IndexUnavailable: There is no index, or it is damaged.
        """
        from rag.indexes.synchronisation import is_behind

        with Catalog.open(self.catalog_path, read_only=True) as catalog:
            return is_behind(self.settings.index_dir, catalog)

    def is_sealed(self) -> bool:
        """Tell whether every byte of the catalog can be checked: the last run came to its end."""
        return is_sealed(self.catalog_path)

    def repair(self) -> IngestReport | None:
        """Mend the index: the generation from the catalog, and what is wrong in the catalog from the files.

        A catalog that cannot be read at all is set aside, and a new one made from the corpus folder.

        Returns:
            What was taken in anew, ``None`` when the catalog was sound.

        Raises:
            IndexMissing: There is nothing to mend.
            IndexDamaged: The catalog cannot be read, and there is no corpus folder.
            IndexMismatch: The catalog is another program's, or a newer version's.
            IndexLocked: Another process is writing.
        """
        from rag.indexes.lock import writer_lock
        from rag.indexes.synchronisation import synchronise

        folder = self.settings.index_dir
        if not self.catalog_path.exists():
            raise IndexMissing(f"there is no catalog in {folder}", remedy=self.ingest_command)
        self._prepare_to_write()
        with refusals_told(folder), writer_lock(folder, wait_seconds=_WRITER_WAIT_SECONDS):
            paths: list[Path] = []
            try:
                with Catalog.open(self.catalog_path) as catalog:
                    if not catalog.problems():
                        synchronise(catalog, self.encoder, folder, afresh=True)
                        self._live.note_own_writing()
                        catalog.seal()
                        return None
                    paths = [record.path for record in catalog.sources().values() if record.root]
                    if not catalog.is_whole():
                        raise IndexDamaged(f"{CATALOG_FILE} is damaged")  # noqa: TRY301 - as one that cannot be read
            except IndexDamaged as error:
                corpus = self.settings.corpus_dir
                if not corpus.is_dir():
                    remedy = f"delete {folder}, then rag ingest <folder of the documents>"
                    raise IndexDamaged(str(error), remedy=remedy) from error
                self._set_catalog_aside()
                paths = [corpus, *(path for path in paths if corpus.resolve() not in path.parents and path.exists())]
            break_seal(self.catalog_path)
            return self.ingest(paths, reread=True)

    def bring_up(self) -> None:
        """Bring an index of an earlier version up to this one, from its catalog alone: no file is read.

        What this version reads otherwise in the files, the next ingest takes in anew.

        Raises:
            IndexDamaged: The catalog cannot be read.
            IndexNewer: It is one of a later version.
            IndexLocked: Another process is writing.
        """
        from rag.indexes.synchronisation import synchronise

        with self._catalog_to_write() as catalog:
            synchronise(catalog, self._encoder_as_indexed(), self.settings.index_dir)
            catalog.seal()

    def _set_catalog_aside(self) -> None:
        # The log belongs to the damaged file; beside a new one it would damage that too.
        for suffix in ("-wal", "-shm"):
            Path(f"{self.catalog_path}{suffix}").unlink(missing_ok=True)
        self.catalog_path.replace(f"{self.catalog_path}{_SET_ASIDE_SUFFIX}")

    def _encoder_as_indexed(self) -> Encoder:
        try:
            return self.models.of_index(live_manifest(self.settings.index_dir))
        except (IndexMissing, IndexDamaged, IndexOlder):  # it is made, or made anew
            return self.encoder

    @contextmanager
    def _catalog_to_write(self) -> Iterator[Catalog]:
        from rag.indexes.lock import writer_lock

        self._prepare_to_write()
        # Already while it is opened: a new catalog is created, and an old one migrated, by one process alone.
        with (
            refusals_told(self.settings.index_dir),
            writer_lock(self.settings.index_dir, wait_seconds=_WRITER_WAIT_SECONDS),
            Catalog.open(self.catalog_path) as catalog,
        ):
            try:
                yield catalog
            finally:
                self._live.note_own_writing()

    def _prepare_to_write(self) -> None:
        """See that encoder and folder are fit for use before anything is written."""
        folder = self.settings.index_dir
        with suppress(IndexMissing, IndexDamaged):
            live_manifest(folder)  # one of a later version is left alone
        self.encoder  # noqa: B018 - loaded here, so that a wrong one leaves nothing behind
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EIO}:
                with refusals_told(folder):
                    raise
            raise ConfigurationError(
                f"the index folder {folder} cannot be written to: {error.strerror}",
                remedy="name another folder in RAG_INDEX_DIR",
            ) from error
