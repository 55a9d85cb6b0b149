"""Models in use (所用模型): the encoder and the reranker of the settings, and the encoder that an index was made with.

What an index is read with is its own encoder, whatever is set: vectors of two encoders cannot be compared. The setting
says what the next ``rag ingest`` makes.
"""

from __future__ import annotations

import threading
from functools import cached_property
from typing import TYPE_CHECKING

from rag.errors import REPAIR_REMEDY, ConfigurationError, IndexMismatch, IndexOlder
from rag.indexes.encoder import Encoder, encoder_of
from rag.indexes.encoding import EncoderRecipe
from rag.indexes.manifest import Manifest
from rag.indexes.pretrained import Runtime
from rag.retrieval.rerank import Reranker
from rag.settings import Settings

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor


class Models:
    """The models of one engine, each loaded at first use and kept. Safe across threads, but for ``ready``."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._runtime = Runtime(settings.device, settings.precision, settings.batch_size)
        self._recipe = EncoderRecipe(
            settings.encoder,
            settings.encoder_query_prompt,
            settings.encoder_passage_prompt,
            settings.encoder_max_tokens,
        )
        self._loading = threading.RLock()
        self._of_index: Encoder | None = None
        self._coming: tuple[str, Future[Encoder]] | None = None
        self._beside: ThreadPoolExecutor | None = None

    def close(self) -> None:
        """Wait for a model that is being loaded; afterwards all works as before."""
        if self._beside is not None:
            self._beside.shutdown()
            self._beside = None

    def load(self) -> None:
        """Load what the settings name, so that a wrong name is told at once.

        Raises:
            ConfigurationError: A model cannot be had or loaded.
        """
        self.encoder  # noqa: B018 - loaded by being asked for
        self.reranker  # noqa: B018

    @property
    def encoder(self) -> Encoder:
        """The encoder of the settings, with which an index is made."""
        with self._loading:
            return self._set

    @property
    def shipped(self) -> Encoder:
        """The encoder of the package. Answers judge by it, whatever the search runs on: their limits are tuned to it."""
        with self._loading:
            return self._packaged

    @property
    def reranker(self) -> Reranker | None:
        """The reranker of the settings, if they name one."""
        with self._loading:
            return self._reranker

    @cached_property
    def _set(self) -> Encoder:
        return encoder_of(self._recipe, self._runtime)

    @cached_property
    def _packaged(self) -> Encoder:
        return self._set if self._recipe.name is None else encoder_of(EncoderRecipe())

    @cached_property
    def _reranker(self) -> Reranker | None:
        if self._settings.reranker is None:
            return None
        from rag.retrieval.cross_encoder import CrossEncoderReranker

        return CrossEncoderReranker(self._settings.reranker, self._runtime, top=self._settings.rerank_top)

    def of_index(self, manifest: Manifest) -> Encoder:
        """Return the encoder that a generation was made with: the one of the settings, or the one its manifest names.

        One that is named by the manifest is never downloaded.

        Raises:
            ConfigurationError: The encoder of the settings cannot be had or loaded.
            IndexMismatch: It was another one, and that is not on this machine as it was.
            IndexOlder: It was that of an earlier version of the package.
        """
        with self._loading:
            for held in (self._of_index, self._set, *self._shipped_if_named(manifest)):
                if held is not None and held.identity == manifest.encoder:
                    return held
            # That of an earlier version of the package is nowhere any more.
            if manifest.recipe is None or manifest.recipe.name is None:
                raise IndexOlder("the index was built with another encoder", remedy=REPAIR_REMEDY)
            what = f"the index was built with another encoder, {manifest.recipe}"
            try:
                named = encoder_of(manifest.recipe, self._runtime, may_download=False)
            except ConfigurationError as error:
                raise IndexMismatch(f"{what}, which cannot be loaded: {error}", remedy=REPAIR_REMEDY) from error
            if named.identity != manifest.encoder:
                raise IndexMismatch(f"{what}, which has changed since", remedy=REPAIR_REMEDY)
            self._of_index = named
            return named

    def _shipped_if_named(self, manifest: Manifest) -> list[Encoder]:
        return [self._packaged] if manifest.recipe is not None and manifest.recipe.name is None else []

    def ready(self, manifest: Manifest, *, used: Encoder) -> Encoder | None:
        """Return the same without waiting: what is not loaded yet is loaded beside, and there is none until then.

        Args:
            manifest: Of the generation.
            used: The encoder in use, which is most often the one.

        Raises:
            ConfigurationError: As ``of_index``.
            IndexMismatch: As ``of_index``.
        """
        if used.identity == manifest.encoder:
            return used
        if self._coming is None or self._coming[0] != manifest.encoder:
            if self._beside is None:
                from concurrent.futures import ThreadPoolExecutor

                self._beside = ThreadPoolExecutor(1, thread_name_prefix="models")
            self._coming = (manifest.encoder, self._beside.submit(self.of_index, manifest))
        future = self._coming[1]
        if not future.done():
            return None
        self._coming = None
        return future.result()
