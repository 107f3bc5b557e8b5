"""What the environment may set, and what it may not."""

import dataclasses

import pytest

from cnnviz.settings import Settings


def test_defaults():
    assert Settings.from_env({}) == Settings(max_pixels=24_000_000, max_upload_mb=20)


def test_an_empty_variable_keeps_the_default():
    assert Settings.from_env({"CNNVIZ_MAX_PIXELS": " "}) == Settings()


@pytest.mark.parametrize(
    "field",
    [field.name for field in dataclasses.fields(Settings) if field.type == "int"],
)
def test_each_field_is_read_from_its_variable(field):
    assert getattr(Settings.from_env({f"CNNVIZ_{field.upper()}": "7"}), field) == 7


@pytest.mark.parametrize("value", ["0", "-3", "many", "2.5", "1e6"])
def test_a_bad_value_is_named_in_one_sentence(value):
    with pytest.raises(ValueError) as caught:
        Settings.from_env({"CNNVIZ_MAX_PIXELS": value})
    assert (
        str(caught.value) == f"CNNVIZ_MAX_PIXELS must be a whole number of at least 1, but it is {value!r}."
    )


def test_the_data_folder_is_taken_as_it_is_written():
    assert Settings().data == ""
    assert Settings.from_env({"CNNVIZ_DATA": " some/folder "}).data == "some/folder"


def test_the_device_is_one_of_three_words():
    assert Settings().device == "cpu"
    assert Settings.from_env({"CNNVIZ_DEVICE": " AUTO "}).device == "auto"
    with pytest.raises(
        ValueError, match=r'CNNVIZ_DEVICE must be "cpu", "cuda" or "auto", but it is \'gpu\'\.'
    ):
        Settings.from_env({"CNNVIZ_DEVICE": "gpu"})


def test_settings_do_not_change():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().max_pixels = 1
