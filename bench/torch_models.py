#!/usr/bin/env python3
"""What initlaw.torch does with models of torchvision, timm and transformers at random initialization.

    script/python newest && build/venv-torch/bin/pip install torchvision timm transformers
    build/venv-torch/bin/python bench/torch_models.py > docs/torch_models.md

Takes some two minutes.
"""

from __future__ import annotations

import importlib.metadata
import warnings
from collections.abc import Callable, Iterator, Mapping

import timm
import torch
import torchvision
import transformers
from torch import nn

import initlaw.torch

INITIALIZATIONS = 8


def language_model(kind: str, **options: object) -> Callable[[], nn.Module]:
    """Four layers of width 128, with a small vocabulary."""
    config = transformers.AutoConfig.for_model(kind, vocab_size=500, bos_token_id=0, eos_token_id=0, **options)
    return lambda: transformers.AutoModelForCausalLM.from_config(config)


def models() -> Iterator[tuple[str, Callable[[], nn.Module], torch.Tensor | Mapping[str, torch.Tensor]]]:
    """Names, functions that make models, and inputs of a batch of two."""
    small, large = torch.randn(2, 3, 64, 64), torch.randn(2, 3, 224, 224)
    tokens = {"input_ids": torch.randint(0, 500, (2, 16))}
    gpt2 = {"n_embd": 128, "n_layer": 4, "n_head": 4}
    yield "torchvision resnet18", torchvision.models.resnet18, small
    yield "torchvision resnet50", torchvision.models.resnet50, small
    yield "torchvision vit_b_16", lambda: torchvision.models.vit_b_16(image_size=64), small
    yield "torchvision convnext_tiny", torchvision.models.convnext_tiny, small
    yield "timm mixer_s32_224 (MLP-Mixer)", lambda: timm.create_model("mixer_s32_224"), large
    yield "transformers GPT-2, GELU", language_model("gpt2", activation_function="gelu_new", **gpt2), tokens
    yield "transformers GPT-2, ReLU", language_model("gpt2", activation_function="relu", **gpt2), tokens
    yield (
        "transformers Llama",
        language_model("llama", hidden_size=128, intermediate_size=344, num_hidden_layers=4, num_attention_heads=4),
        tokens,
    )


def seen(found: initlaw.torch.Measurement) -> str:
    """How many layers of which kind, and the stream's growth."""
    counts = ", ".join(str(found.kinds.count(kind)) for kind in ("activation", "sum"))
    mean = found.log_norm2_mean
    sums = [layer for layer, kind in enumerate(found.kinds) if kind == "sum"]
    first, last = (mean.value[layer] - torch.tensor(float(found.width[layer])).log().item() for layer in (sums[0], sums[-1]))
    return f"{counts} | {first:.2f} ± {mean.std_error[sums[0]]:.2f} | {last:.2f} ± {mean.std_error[sums[-1]]:.2f}"


def balanced(model: nn.Module, inputs: object) -> str:
    try:
        initlaw.torch.balance(model, inputs)
    except ValueError as error:
        return "nothing: " + str(error).removeprefix("model: ").partition(",")[0]
    return "every ReLU"


HEAD = """# Models of torchvision, timm and transformers

What `initlaw.torch` does with well-known models at random initialization, in evaluation mode but for `measure`, as printed by
`bench/torch_models.py`. The language models have four layers of width 128, resnets, ViT and ConvNeXt read images of 64 x 64.
`measure` sees activations and sums of a stream and its branch; shown is the stream's ln mean square behind its first and its
last sum, over {count} initializations. None of these has a law, since each has convolutions or attention; `check` fails with the reason that
`describe` gives. Of MLP branches scales, norms and activations are described all the same (`print(describe(model, inputs))`).

{versions}

| model | activations, sums | first sum | last sum | MLP branches read | the first that is not | `balance` replaces |
|---|---|---|---|---|---|---|"""


def main() -> None:
    warnings.filterwarnings("ignore")
    torch.manual_seed(1)
    names = ("torch", "torchvision", "timm", "transformers")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    print(HEAD.format(count=INITIALIZATIONS, versions=versions))
    for name, make, inputs in models():
        measured = seen(initlaw.torch.measure(make, inputs, initializations=INITIALIZATIONS))
        model = make()
        found = initlaw.torch.describe(model, inputs)
        print(f"| {name} | {measured} | {len(found.blocks)} | {found.problems[0]} | {balanced(model, inputs)} |", flush=True)


if __name__ == "__main__":
    main()
