"""Pretrained models (预训练模型) through sentence-transformers: found in a folder, the hub's cache or on the hub, and run.

A model is taken from this machine where it is there. Only one that is not is looked for on the hub: first by one short
question, because the library itself would go on trying for more than a minute, then with all its files. Nothing of
this is imported until a model other than the shipped one is asked for; the import takes some 10 s.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from rag.errors import ConfigurationError

if TYPE_CHECKING:
    from torch import dtype

_logger = logging.getLogger(__name__)

Precision = Literal["float32", "float16", "bfloat16"]
Model = TypeVar("Model")

INSTALL = 'pip install "torch>=2.4,<2.14" "sentence-transformers>=6,<7"'

_HUB_SECONDS = 10.0
_REASON_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Runtime:
    """How models are run on this machine; of no weight for what an index holds.

    Attributes:
        device: ``auto``, ``cpu``, ``mps``, ``cuda`` or ``cuda:1``. ``auto`` takes a GPU where there is one.
        precision: Of the weights.
        batch_size: Texts that go through a model at once.
    """

    device: str = "auto"
    precision: Precision = "float32"
    batch_size: int = 32

    def torch_device(self) -> str | None:
        """Return the device as torch names it, ``None`` for the best there is.

        Raises:
            ConfigurationError: This machine has no such device, or no torch.
        """
        if self.device == "auto":
            return None
        with _told_when_not_installed():
            import torch
        kind, _, number = self.device.partition(":")
        counts = {"cpu": 1, "cuda": torch.cuda.device_count(), "mps": int(torch.backends.mps.is_available())}
        if int(number or 0) >= counts.get(kind, 0):
            raise ConfigurationError(
                f"本机没有运算设备 {self.device} (RAG_DEVICE: this machine has no {self.device})",
                remedy="RAG_DEVICE=auto",
            )
        return self.device

    def torch_dtype(self) -> dtype:
        """Return the precision as torch names it."""
        import torch

        return {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}[self.precision]


def load(name: str, make: Callable[[bool], Model], *, setting: str, may_download: bool = True) -> Model:
    """Load a model from this machine, or else from the hub.

    Args:
        name: Folder, or ``owner/model`` on the hub.
        make: Loads it; given whether it may look at files of this machine only.
        setting: Variable that named it, for messages.
        may_download: Whether to ask the hub for a model that is not here.

    Raises:
        ConfigurationError: It cannot be had, or is no model that can be loaded; the message says what to do.
    """
    is_folder = Path(name).is_dir()
    with _told_when_not_installed():
        from safetensors import SafetensorError
        from transformers.utils import logging as transformers_logging
    # Its bars count tensors; for what a download brings the hub's own library shows bars.
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    faults = (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, SafetensorError)
    try:
        return make(True)  # noqa: FBT003 - of a callable that takes it alone
    except ImportError as error:
        raise _not_installed(error) from error
    except faults as error:
        # Not there, or not all of it, as after a download that was cut off.
        is_missing = isinstance(error, OSError) and not is_folder
        if not is_missing:
            raise _no_model(name, setting, error) from error
        if not may_download:
            raise _not_here(name, setting, "") from error
    _ask_hub(name, setting)
    _logger.warning("正在下载模型 %s (downloading the model)", name)
    try:
        return make(False)  # noqa: FBT003
    except ImportError as error:
        raise _not_installed(error) from error
    except faults as error:
        raise _no_model(name, setting, error) from error


@contextmanager
def running(name: str) -> Iterator[None]:
    """Tell in plain words when a model fails while it reads texts, as when memory runs out.

    Raises:
        ConfigurationError: It failed.
    """
    try:
        yield
    except RuntimeError as error:
        raise ConfigurationError(
            f"模型 {name} 运行失败 (the model failed): {_first_line(error)}",
            remedy="a smaller RAG_BATCH_SIZE, RAG_DEVICE=cpu, or another model",
        ) from error


def finite(name: str, values: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return what a model gave as float32.

    Raises:
        ConfigurationError: There are values among it that are no numbers, as of a model too large for float16.
    """
    result = np.asarray(values, dtype=np.float32)
    if not np.isfinite(result).all():
        raise ConfigurationError(
            f"模型 {name} 给出的不是数 (the model gave values that are no numbers)", remedy="RAG_PRECISION=float32"
        )
    return result


def located(name: str, *, setting: str) -> str:
    """Return the folder that a name stands for, or the name itself where it is ``owner/model`` on the hub.

    Raises:
        ConfigurationError: It is a path to nothing.
    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        return str(folder)
    if name.count("/") != 1 or name.startswith((".", "/", "~")) or name.endswith("/"):
        raise ConfigurationError(
            f"{setting}: 没有模型文件夹 {name} (there is no model folder at {name})",
            remedy="name a folder that is there, or a model on the hub as owner/model",
        )
    return name


def revision_of(name: str) -> str:
    """Return the commit of a hub model in the cache of this machine.

    Raises:
        ConfigurationError: The cache does not tell.
    """
    import os

    from huggingface_hub import try_to_load_from_cache

    for file in ("modules.json", "config.json"):
        path = try_to_load_from_cache(name, file, cache_dir=os.getenv("SENTENCE_TRANSFORMERS_HOME"))
        if isinstance(path, str):  # …/snapshots/<commit>/<file>
            return Path(path).parent.name
    raise ConfigurationError(
        f"无法得知模型 {name} 的版本 (the cache does not tell which version it is)", remedy="name a folder instead"
    )


def _ask_hub(name: str, setting: str) -> None:
    """See that the hub can be reached and has the model."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import (  # type: ignore[attr-defined] # HTTPError is that of its HTTP library
        HfHubHTTPError,
        HFValidationError,
        HTTPError,
        OfflineModeIsEnabled,
        RepositoryNotFoundError,
    )

    try:
        HfApi().model_info(name, timeout=_HUB_SECONDS)
    except HFValidationError as error:
        raise ConfigurationError(f"{setting}: {name} 不是模型名 (is no name of a model)") from error
    except OfflineModeIsEnabled as error:
        raise _not_here(name, setting, "，且 HF_HUB_OFFLINE 已设 (and HF_HUB_OFFLINE is set)") from error
    except RepositoryNotFoundError as error:  # also where it is private, or its terms must be agreed to
        raise ConfigurationError(
            f"{setting}: 模型站没有 {name}，或须登录 (the hub has no such model, or it needs a login)",
            remedy="check the name; hf auth login for a private or gated one",
        ) from error
    except HfHubHTTPError as error:
        raise _not_here(name, setting, f"，模型站答复有误 (and the hub refused: {_first_line(error)})") from error
    except (HTTPError, OSError) as error:
        raise _not_here(name, setting, "，也连不上模型站 (and the hub cannot be reached)") from error


def _not_here(name: str, setting: str, why: str) -> ConfigurationError:
    return ConfigurationError(
        f"{setting}: 模型 {name} 不在本机 (is not on this machine){why}",
        remedy=f"where there is internet: hf download {name}; or copy the model here and name its folder in {setting}",
    )


def _no_model(name: str, setting: str, error: Exception) -> ConfigurationError:
    return ConfigurationError(
        f"{setting}: {name} 无法作为模型载入 (cannot be loaded): {_first_line(error)}",
        remedy="name a sentence-transformers model, by folder or hub name; models with code of their own are not run",
    )


@contextmanager
def _told_when_not_installed() -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise _not_installed(error) from error


def _not_installed(error: ImportError) -> ConfigurationError:
    return ConfigurationError(f"缺少运行模型的软件包 (a package is missing): {_first_line(error)}", remedy=INSTALL)


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:_REASON_CHARACTERS]
