"""The networks that come with the app: small, made by the script's recipes, and as good as they say."""

import pytest

from assets import make_weights
from cnnviz.core.datasets.table import DATASETS
from cnnviz.engine.checkpoints.pretrained import FOLDER, PRETRAINED
from cnnviz.engine.checkpoints.weights_file import load_weights
from cnnviz.engine.training.build import build
from cnnviz.engine.training.trainer import Trainer


@pytest.fixture(params=list(PRETRAINED))
def pretrained(request):
    return PRETRAINED[request.param]


def test_there_is_one_for_each_shipped_data_set():
    assert list(PRETRAINED) == ["mnist", "fashion", "shapes"] == list(make_weights.RECIPES)
    assert {path.name for path in FOLDER.iterdir()} == {
        "README.md",
        "weights.toml",
        *(one.file for one in PRETRAINED.values()),
    }


def test_it_is_small(pretrained):
    assert (FOLDER / pretrained.file).stat().st_size < 1_000_000


def test_it_was_made_by_its_recipe(pretrained):
    saved = pretrained.load()
    recipe = make_weights.RECIPES[pretrained.id]
    assert saved.config == recipe
    assert saved.step == recipe.max_steps
    assert not saved.whole
    assert pretrained.spec == recipe.net


def test_it_fits_its_data_set(pretrained):
    data = DATASETS[pretrained.dataset]
    assert pretrained.load().config.problems(data.shape, len(data.classes)) == []


def test_it_is_as_good_on_the_test_pictures_as_it_says(pretrained):
    """Within three pictures: another processor rounds otherwise."""
    data, saved = DATASETS[pretrained.dataset], pretrained.load()
    trainer = Trainer(saved.config, data.load(), data.classes)
    trainer.restore(saved)
    found = trainer.evaluate("test")
    assert abs(found.accuracy - pretrained.accuracy) * found.count <= 3
    assert f"{pretrained.accuracy:.1%}" in pretrained.title


def test_its_weights_fit_the_network_that_build_makes(pretrained):
    network = build(pretrained.spec, 1)
    load_weights(network, pretrained.load().weights)
    for name, value in network.state_dict().items():
        assert (value.numpy() == pretrained.load().weights[name]).all()


def test_the_list_is_what_the_script_writes(pretrained):
    listing = (FOLDER / "weights.toml").read_text("utf-8")
    assert make_weights.entry(pretrained.id, pretrained.accuracy) in listing
    assert f"| `{pretrained.file}` |" in (FOLDER / "README.md").read_text("utf-8")
