"""What a reranker adds to a question, on a tiny model built on the spot: python -m benchmarks.reranker_cost

`--model NAME` measures a real one instead (a folder or a name on the hub).
"""

import argparse
import os
import re
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from assistant.reranking import CrossEncoderReranker
from index import Article, Passage

QUESTION = "Did Nvidia abandon the deal with OpenAI?"
SENTENCE = "The company said on Monday that the letter of intent with its partner was signed, but is not binding. "


def build_tiny_model(folder: Path, *, labels: int = 1) -> Path:
    """Save an untrained BERT cross-encoder, 2 layers of 64, and return its folder. Its scores mean nothing."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification
    from transformers.utils import logging as transformers_logging

    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    letters = "abcdefghijklmnopqrstuvwxyz0123456789.,?"
    words = sorted(set(re.findall(r"\w\w+", f"{QUESTION} {SENTENCE}".lower())))
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters), *words]
    sizes: dict[str, Any] = {
        "vocab_size": len(pieces),
        "hidden_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "intermediate_size": 256,
        "num_labels": labels,
        "initializer_range": 1.0,  # so that the scores of different texts are far apart
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.txt").write_text("\n".join(pieces), encoding="utf-8")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        BertForSequenceClassification(BertConfig(**sizes)).save_pretrained(folder)
    return folder


def make_passages(count: int, sentences: int) -> list[Passage]:
    """Return passages of different texts, each of that many sentences."""
    texts = [f"{number}. {SENTENCE * sentences}" for number in range(count)]
    return [
        Passage(Article(source=f"/{number}", title="Nvidia and OpenAI", text=text), 0, len(text))
        for number, text in enumerate(texts)
    ]


def main() -> None:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", help="a CrossEncoder: a folder, or a name on the hub")
    parser.add_argument("--rounds", type=int, default=30, help="questions a size")
    parser.add_argument("--sentences", type=int, default=6, help="sentences a passage, about 20 words each")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        reranker = CrossEncoderReranker(asked.model or str(build_tiny_model(Path(folder))))
        began = time.perf_counter()
        reranker.rerank(QUESTION, make_passages(1, asked.sentences))
        print(f"first use, loading included: {time.perf_counter() - began:.2f} s")
        for count in (8, 30):
            passages = make_passages(count, asked.sentences)
            reranker.rerank(QUESTION, passages)
            taken = []
            for _ in range(asked.rounds):
                began = time.perf_counter()
                reranker.rerank(QUESTION, passages)
                taken.append(time.perf_counter() - began)
            p50, p95 = np.percentile(taken, [50, 95]) * 1000
            print(f"{count:>2} passages   median {p50:6.1f} ms   95th percentile {p95:6.1f} ms a question")


if __name__ == "__main__":
    main()
