"""What stands under the drawing: what to see, the dense layer worked out, dense as a convolution, code."""

from __future__ import annotations

from math import prod

import streamlit as st

from cnnviz.components.net_view import LogitsState, logits_view, nodes_of, share_text
from cnnviz.core.export.network import pytorch_source
from cnnviz.core.networks.convert import dense_as_convolution, has_dense_end, with_global_pooling
from cnnviz.core.networks.layers import Conv, Dense, Shape, shape_text
from cnnviz.core.networks.spec import LARGEST_INPUT, NetSpec
from cnnviz.ui.kit.downloads import Download, downloads
from cnnviz.ui.network import settings
from cnnviz.ui.network.variants import DenseEnd, dense_end, variants

NO_DENSE_END = (
    "This network has no flatten with a dense layer behind it. The preset *Tutorial: 576 → 1000 → 10* has."
)


def what_you_see(spec: NetSpec) -> None:
    """How to read the drawing, and where most of the weights are."""
    text = (
        "**What you see.** Your picture goes through the network from left to right. A convolution's window "
        "reaches through *all* maps before it (dashed), a pool's lies on one map, and a dense node reads "
        "every number. Point at a map: the frame on the picture is what this unit sees of it."
    )
    nodes = nodes_of(spec)
    if any(isinstance(node.layer, Conv) and node.layer.groups > 1 for node in nodes):
        text += " A convolution in groups reaches only through the maps of one group."
    nodes = [node for node in nodes if node.parameters]
    total = sum(node.parameters for node in nodes)
    if nodes:
        most = max(nodes, key=lambda node: node.parameters)
        place = ".".join(str(n + 1) for n in most.path)
        text += (
            f" Of {total:,} weights, {share_text(most.parameters, total)} are in layer {place}, {most.title}."
        )
    st.markdown(text)


def problem_of(spec: NetSpec) -> str:
    """The sentence about the illegal layer; empty where the network can be built."""
    return next(iter(spec.problems()), "")


def _illegal(spec: NetSpec) -> bool:
    problem = problem_of(spec)
    if problem:
        st.info(f"{problem} Then this shows the whole network.", icon=":material/info:")
    return bool(problem)


def dense_layer(spec: NetSpec) -> None:
    """Flatten + dense with the live numbers, and what other ends would have."""
    if _illegal(spec):
        return
    end = dense_end(spec)
    if end is None:
        st.markdown(NO_DENSE_END)
        return
    _worked_out(spec, end)
    total = sum(spec.parameter_counts())
    found = variants(spec, end)
    columns = st.columns(len(found), gap="small")
    for number, (column, variant) in enumerate(zip(columns, found, strict=True)):
        with column, st.container(border=True, height="stretch"):
            count = sum(variant.spec.parameter_counts())
            st.markdown(f"**{variant.title}**  \n{count:,} weights, {_difference(count, total)}")
            st.caption(variant.about)
            st.button("Use it", key=f"n_variant_{number}", on_click=settings.STACK.set, args=(variant.spec,))


def _difference(count: int, before: int) -> str:
    if count == before:
        return "as many as now"
    return f"{abs(count - before):,} {'fewer' if count < before else 'more'} than now"


def _worked_out(spec: NetSpec, end: DenseEnd) -> None:
    channels, rows, cols = end.maps
    n = prod(end.maps)
    counts = spec.parameter_counts()
    total = sum(counts)
    lines = [
        f"**{channels:,} maps of {rows}×{cols} are written one after another:** {channels:,} × {rows} × "
        f"{cols} = **{n:,} numbers**. A flatten has no weights, and it no longer knows which numbers were "
        "neighbours."
    ]
    before = n
    for place in end.dense:
        layer = spec.layers[place]
        assert isinstance(layer, Dense)
        nodes = "one node" if layer.units == 1 else f"each of {layer.units:,} nodes"
        bias = f" + {layer.units:,}" if layer.bias else ""
        lines.append(
            f"**Layer {place + 1}, dense {layer.units:,}:** {nodes} reads all {before:,} numbers, each with "
            f"a weight of its own{', and adds a bias' if layer.bias else ''}: {before:,} × "
            f"{layer.units:,}{bias} = **{counts[place]:,} weights**, {share_text(counts[place], total)} of "
            "all."
        )
        before = layer.units
    lines.append(
        "A hidden dense layer may have any number of nodes; only the last needs one for each class. What "
        "would change if the end were another?"
    )
    st.markdown("\n\n".join(lines))


def output(spec: NetSpec) -> None:
    """The outputs read as probabilities."""
    if _illegal(spec):
        return
    shape = spec.output_shape
    count = shape[0]
    if prod(shape) != count:
        st.markdown(
            f"The network ends with maps of {shape_text(shape)}. Softmax reads one number for each class: "
            "add a global pool, or a flatten and a dense layer."
        )
        return
    st.markdown(_logits_words(count))
    logits_view(LogitsState(count, settings.LOGITS.get()), key="n_reading", on_logits=settings.LOGITS.set)


def _logits_words(count: int) -> str:
    if count == 1:
        return (
            "**A single node** gives one number z, from −∞ to ∞. The sigmoid 1 / (1 + e⁻ᶻ) reads it as the "
            "probability of *yes*; *no* has the rest. Softmax over the two numbers z and 0 gives the same."
        )
    return (
        f"**The network ends with {count:,} numbers, the logits:** any numbers can come out, and their sum "
        "means nothing. **Softmax** reads them as probabilities: each becomes e to its power, divided by "
        "the sum of all. It has no weights and never changes which is the largest. Drag a logit and watch "
        "*all* probabilities move."
    )


def as_convolution(spec: NetSpec) -> None:
    """Flatten + dense replaced by a convolution or by a global pool, with the weights of each."""
    if _illegal(spec):
        return
    if not has_dense_end(spec):
        st.markdown(NO_DENSE_END)
        return
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True, height="stretch"):
        _convolution_card(spec)
    with right, st.container(border=True, height="stretch"):
        _pooling_card(spec)


def _convolution_card(spec: NetSpec) -> None:
    end = dense_end(spec)
    assert end is not None
    st.markdown("**A convolution as large as the map**")
    try:
        changed = dense_as_convolution(spec)
    except ValueError as error:  # also a kernel or a number of maps beyond what a convolution has here
        st.markdown(f"It cannot be done here: {error}")
        return
    first = spec.layers[end.dense[0]]
    kernel = next(layer for layer in changed.layers[end.flatten :] if isinstance(layer, Conv))
    n = prod(end.maps)
    flat = spec.layers[end.dense[0]].parameter_formula((n,))
    st.markdown(
        f"A {kernel.kernel[0]}×{kernel.kernel[1]} kernel has one place to lie on a map of "
        f"{end.maps[1]}×{end.maps[2]}, and through all {end.maps[0]:,} maps it reads the same {n:,} numbers "
        f"as a dense node. {first.label}: {flat} = **{first.parameter_count((n,)):,}**; {kernel.label}: "
        f"{kernel.parameter_formula(end.maps)} = **{kernel.parameter_count(end.maps):,}**. With the same "
        "weights, only in another order, **the outputs are the same**."
    )
    st.caption(_larger_words(spec, changed, end.maps))
    st.button(
        "Use the convolution",
        key="n_as_conv",
        on_click=settings.STACK.set,
        args=(changed,),
        icon=":material/swap_horiz:",
    )


def _larger_words(spec: NetSpec, changed: NetSpec, maps: Shape) -> str:
    """What a picture of twice the size would give: the dense network stops, the other goes on."""
    channels, rows, cols = spec.input
    text = f"The dense weights fit maps of {maps[1]}×{maps[2]} alone."
    if 2 * max(rows, cols) > LARGEST_INPUT[1]:
        return text
    larger = NetSpec((channels, 2 * rows, 2 * cols), changed.layers)
    if not larger.problems():
        shape = larger.output_shape
        text += (
            f" The convolution takes a picture of {2 * rows}×{2 * cols} too, and gives {shape_text(shape)}: "
            "a map of answers instead of one."
        )
    return text


def _pooling_card(spec: NetSpec) -> None:
    changed = with_global_pooling(spec)
    before, after = sum(spec.parameter_counts()), sum(changed.parameter_counts())
    st.markdown("**Global average pooling**")
    st.markdown(
        f"Each map becomes one number, its mean, and one dense layer reads these. Weights: **{before:,}** "
        f"before, **{after:,}** after. **The outputs change**: where in a map something was no longer "
        "counts. So the old weights are of no use; the network has to be trained again."
    )
    st.caption(
        "A feature counts the same wherever it is, which is often what is wanted, and pictures may have any "
        "size."
    )
    st.button(
        "Use global pooling",
        key="n_as_pool",
        on_click=settings.STACK.set,
        args=(changed,),
        icon=":material/swap_horiz:",
    )


def code(spec: NetSpec) -> None:
    """The network as a PyTorch program and as JSON, and the link."""
    if _illegal(spec):
        return
    source = pytorch_source(spec)
    downloads(
        Download("n_download_py", "network.py", "network.py", source),
        Download("n_download_json", "network.json", "network.json", spec.to_json()),
        link="n_copy_link",
    )
    st.caption(
        "The program runs on its own. Its outputs are logits, as the losses of PyTorch expect them: softmax "
        "is not one of its layers. *JSON*, above the stack, reads such a file again."
    )
    st.code(source, language="python")
