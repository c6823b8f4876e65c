"""The quicker steps compute what torch's own do, and leave a model what it was."""

import copy
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import torch
from sentence_transformers import SentenceTransformer
from torch import nn

from index.kernels import fuse_layers, pad_to_tiles

TEXTS = ["Rain fell on the town.", "The bank raised its interest rate, and the shares of builders lost a tenth."]


@pytest.fixture
def model(other_model: Path) -> SentenceTransformer:
    return SentenceTransformer(str(other_model), device="cpu", model_kwargs={"dtype": torch.bfloat16})


def _vectors(model: SentenceTransformer) -> torch.Tensor:
    vectors = model.encode(TEXTS, convert_to_tensor=True, normalize_embeddings=True)
    assert isinstance(vectors, torch.Tensor)
    return vectors.float()


def test_fused_layers_and_padding_give_the_same_vectors(model: SentenceTransformer) -> None:
    plain = _vectors(model)
    fuse_layers(model)
    pad_to_tiles(model)
    cosines = (plain * _vectors(model)).sum(dim=1)
    assert cosines.tolist() == pytest.approx([1.0, 1.0], abs=1e-2)


def test_the_gelu_is_computed_once(model: SentenceTransformer) -> None:
    intermediate: Any = next(part for part in model.modules() if hasattr(part, "intermediate_act_fn"))
    values = torch.randn(4, intermediate.dense.in_features, dtype=torch.bfloat16)
    with torch.inference_mode():
        expected = nn.functional.gelu(nn.functional.linear(values, intermediate.dense.weight, intermediate.dense.bias))
        fuse_layers(model)
        found = intermediate(values)
    assert torch.allclose(found, expected, atol=0.05)
    assert not torch.allclose(found, nn.functional.gelu(expected), atol=0.05)


def test_a_fused_model_keeps_its_weights_and_shares_them_with_its_copies(model: SentenceTransformer) -> None:
    names = list(model.state_dict())
    fuse_layers(model)
    assert list(model.state_dict()) == names
    twin = copy.deepcopy(model, {id(weight): weight for weight in model.parameters()})
    assert torch.equal(_vectors(twin), _vectors(model))
    assert [id(held) for held in _weights_in_use(twin)] == [id(held) for held in _weights_in_use(model)]


def _weights_in_use(model: SentenceTransformer) -> list[Any]:
    forwards = [part.forward for part in model.modules() if isinstance(part, nn.Linear)]
    held = [forward.args[0] for forward in forwards if isinstance(forward, partial)]
    assert held
    return held


def test_lengths_are_padded_to_whole_tiles_within_the_limit(model: SentenceTransformer) -> None:
    pad_to_tiles(model)
    assert model.preprocess(["Rain fell."])["input_ids"].shape == (1, 16)


def test_a_model_whose_limit_is_no_multiple_pads_as_before(model: SentenceTransformer) -> None:
    model.max_seq_length = 30
    pad_to_tiles(model)
    assert model.preprocess(["word " * 100])["input_ids"].shape == (1, 30)
