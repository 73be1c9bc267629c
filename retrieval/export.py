"""A sentence-transformers model to one ONNX file, so that serving needs no torch. Runs while an index is built."""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import warnings
from pathlib import Path
from typing import Any


class CannotExportError(Exception):
    """This model is not a plain transformer with mean pooling: it is served by sentence-transformers instead."""


def export_onnx(name_or_path: str, folder: Path) -> None:
    """Write `model.onnx` (int8 per channel), `tokenizer.json` and `encoder.json` into `folder`, whole or not at all.

    int8 *per channel* kept ranking within .003 nDCG in every corpus tried; whole-tensor int8 lost .005 to .017.
    Raises `CannotExportError` when the model has another shape; OSError and others when it cannot be loaded.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        work = Path(temporary) / "model"
        work.mkdir()
        _write(name_or_path, work)
        shutil.rmtree(folder, ignore_errors=True)
        work.rename(folder)


def _write(name_or_path: str, work: Path) -> None:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415  torch, only here

    model = SentenceTransformer(name_or_path, device="cpu")
    _export(_network(model), work / "float.onnx")
    _quantise(work / "float.onnx", work / "model.onnx")
    (work / "float.onnx").unlink()
    model.tokenizer.backend_tokenizer.save(str(work / "tokenizer.json"))
    prompts = getattr(model, "prompts", None) or {}
    facts = {
        "name": f"onnx-int8:{Path(name_or_path).name if Path(name_or_path).exists() else name_or_path}",
        "dimensions": int(model.get_embedding_dimension()),
        "max_length": int(model.max_seq_length or 256),
        "query_prompt": prompts.get("query") or "",
        "document_prompt": prompts.get("document") or prompts.get("passage") or "",
    }
    (work / "encoder.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")


def _network(model: Any) -> Any:
    import torch  # noqa: PLC0415

    names = [type(part).__name__ for part in model]
    if names not in (["Transformer", "Pooling", "Normalize"], ["Transformer", "Pooling"]):
        raise CannotExportError(f"this model has the parts {', '.join(names)}")
    if getattr(model[1], "pooling_mode", None) not in ("mean", ("mean",), ["mean"]):
        raise CannotExportError("this model does not pool by the mean")
    transformer = getattr(model[0], "model", None) or model[0].auto_model

    class MeanPooled(torch.nn.Module):  # type: ignore[misc]
        """Mean of the token vectors the mask keeps, at unit length (Reimers and Gurevych 2019)."""

        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            hidden = self.transformer(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            kept = attention_mask.unsqueeze(-1).float()
            return torch.nn.functional.normalize((hidden * kept).sum(1) / kept.sum(1).clamp(min=1e-9), dim=1)

    return MeanPooled().eval()


def _export(network: Any, file: Path) -> None:
    import torch  # noqa: PLC0415

    ids = torch.ones((2, 8), dtype=torch.int64)
    axes = {name: {0: "batch", 1: "tokens"} for name in ("input_ids", "attention_mask")}
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # the tracing exporter warns about branches this model never takes
        torch.onnx.export(
            network,
            (ids, torch.ones_like(ids)),
            str(file),
            input_names=["input_ids", "attention_mask"],
            output_names=["embedding"],
            dynamic_axes={**axes, "embedding": {0: "batch"}},
            opset_version=17,
            dynamo=False,
        )


def _quantise(source: Path, target: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic  # noqa: PLC0415

    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.ERROR)  # it advises a pre-processing step that dynamic quantisation does not need
    try:
        quantize_dynamic(str(source), str(target), weight_type=QuantType.QInt8, per_channel=True)
    finally:
        root.setLevel(level)
