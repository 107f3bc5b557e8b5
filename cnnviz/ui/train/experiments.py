"""The "try this" of the training page: each sets what it needs; the visitor presses Start."""

from __future__ import annotations

from cnnviz.ui.kit.page import Experiment

EXPERIMENTS = (
    Experiment(
        "Learn a hundred pictures by heart",
        "Press Start. Of its 100 training pictures the network soon has every one right, but on the "
        "validation pictures the loss turns and rises: overfitting. Then take more *Training pictures*.",
        {"t_size": "100", "t_rate": "0.003", "t_batch": "32", "t_end": "100"},
    ),
    Experiment(
        "Do without convolution",
        "Two hidden dense layers have 109,386 weights, twelve times those of *Small, two convolutions*, and "
        "after the same steps they are right about as often. A step takes less time all the same: a "
        "convolution uses each of its few weights at hundreds of places.",
        {"t_stack": "dense_only", "t_end": "3"},
    ),
    Experiment(
        "Watch the gradient fade",
        "13 convolutions in a row: in *Gradient flow*, the first layer gets less than a ten-thousandth of "
        "what the last one gets, and the loss stays where it is. Choose *Deep, residual* and start again: "
        "the same layers with shortcuts around them.",
        {"t_stack": "deep_plain", "t_opt": "momentum", "t_rate": "0.01", "t_end": "2"},
    ),
    Experiment(
        "Learn nonsense",
        "The labels are shuffled, so there is nothing to learn, and yet all 200 pictures are learned. On "
        "validation pictures it is right about one time in ten: chance.",
        {"t_size": "200", "t_shuffle": "true", "t_rate": "0.003", "t_batch": "64", "t_end": "100"},
    ),
)
