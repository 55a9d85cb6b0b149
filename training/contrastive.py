"""Trains mean-of-token vectors so that the two sides of a pair are close and all other pairs of a batch are not.

Loss: multiple negatives ranking both ways (Henderson et al. 2017; InfoNCE), cosine times a fixed scale. A plain
``EmbeddingBag`` loop, because a static model has no other layer and the general trainers spend their time elsewhere.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from pairs import Pair, Source
from token_table import Ids
from torch.nn import functional

log = logging.getLogger(__name__)

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how hard to train.

    Attributes:
        steps: Batches in all.
        batch: Pairs in a batch.
        rate: Highest learning rate (Adam); rises over the first 2 % of steps, then falls along a cosine.
        scale: What cosines are multiplied by (1 / temperature).
        dropout: Share of tokens left out, question and passage alike.
        anchor: Weight of the pull back to the first vectors.
    """

    steps: int
    batch: int = 1024
    rate: float = 2e-3
    scale: float = 20.0
    dropout: float = 0.1
    anchor: float = 0.0


def _bag(arrays: Sequence[Ids], dropout: float, random: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    ids = np.concatenate(arrays)
    offsets = np.zeros(len(arrays), dtype=np.int64)
    lengths = np.array([len(array) for array in arrays])
    if dropout:
        keep = random.random(len(ids)) >= dropout
        owner = np.repeat(np.arange(len(arrays)), lengths)
        ids, owner = ids[keep], owner[keep]
        lengths = np.bincount(owner, minlength=len(arrays))
    np.cumsum(lengths[:-1], out=offsets[1:])
    return torch.from_numpy(ids.astype(np.int64)), torch.from_numpy(offsets)


def _batch_loss(weight: torch.Tensor, pairs: Sequence[Pair], plan: Plan, random: np.random.Generator) -> torch.Tensor:
    def unit(arrays: Sequence[Ids]) -> torch.Tensor:
        ids, offsets = _bag(arrays, plan.dropout, random)
        return functional.normalize(functional.embedding_bag(ids, weight, offsets, mode="sum"), eps=1e-6)

    questions = unit([pair.question for pair in pairs])
    passages = unit([pair.passage for pair in pairs] + [wrong for pair in pairs for wrong in pair.wrong])
    scores = questions @ passages.T * plan.scale
    wanted = torch.arange(len(pairs))
    back = scores[:, : len(pairs)].T  # a wrong passage has no question
    return (functional.cross_entropy(scores, wanted) + functional.cross_entropy(back, wanted)) / 2


def train(
    first: Floats,
    sources: Sequence[tuple[Source, float]],
    plan: Plan,
    seed: int,
    renew: Callable[[Floats], None] | None = None,
    renew_every: int = 500,
) -> Floats:
    """Return trained token vectors.

    Args:
        first: ``(n, dim)`` vectors to start from.
        sources: Kinds of pair with the share of batches each gets.
        plan: Length and rates.
        seed: Fixes the draw of batches and of tokens left out.
        renew: Called at the start and every ``renew_every`` steps with the vectors so far.
        renew_every: Steps between calls, and between lines of the log.
    """
    random = np.random.default_rng(seed)
    torch.set_num_threads(1)  # The order of a sum is then the same on every machine.
    weight = torch.nn.Parameter(torch.from_numpy(first.copy()))
    origin = torch.from_numpy(first.copy())
    optimizer = torch.optim.Adam([weight], lr=plan.rate, betas=(0.9, 0.99), fused=True)
    warm = max(1, plan.steps // 50)

    def rate(step: int) -> float:
        if step < warm:
            return (step + 1) / warm
        return 0.5 * (1 + float(np.cos(np.pi * (step - warm) / max(1, plan.steps - warm)))) + 0.01

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    shares = np.array([share for _, share in sources])
    losses: dict[str, list[float]] = {source.name: [] for source, _ in sources}
    for step in range(plan.steps):
        if renew is not None and step % renew_every == 0:
            renew(weight.detach().numpy())
        source = sources[int(random.choice(len(sources), p=shares / shares.sum()))][0]
        loss = _batch_loss(weight, source.draw(random, plan.batch), plan, random)
        losses[source.name].append(float(loss.detach()))
        if plan.anchor:
            loss = loss + plan.anchor * (weight - origin).pow(2).sum() / 1000
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it untyped
        optimizer.step()
        schedule.step()
        if (step + 1) % renew_every == 0 or step + 1 == plan.steps:
            means = ", ".join(f"{name} {np.mean(values[-50:]):.3f}" for name, values in losses.items() if values)
            log.info("step %d of %d: %s", step + 1, plan.steps, means)
    return np.array(weight.detach().numpy(), dtype=np.float32)
