# SPDX-License-Identifier: MIT
# The works in PyTorch: modules, autograd and optimizers as its tutorials use them.
import torch

import common


def make_model(work, replicate):
    layers = []
    for i, (inputs, outputs) in enumerate(work.shapes):
        if i > 0:
            layers.append(torch.nn.ReLU() if work.activation == "relu" else torch.nn.Tanh())
        layers.append(torch.nn.Linear(inputs, outputs))
    linear = [layer for layer in layers if isinstance(layer, torch.nn.Linear)]
    with torch.no_grad():
        for layer, w, b in zip(linear, replicate.weights, replicate.biases):
            layer.weight.copy_(torch.from_numpy(w.T))
            layer.bias.copy_(torch.from_numpy(b))
    return torch.nn.Sequential(*layers)


def train(work, replicate):
    x, y = torch.from_numpy(replicate.x), torch.from_numpy(replicate.y)
    model = make_model(work, replicate)
    loss_of = torch.nn.CrossEntropyLoss() if work.has_classes else torch.nn.MSELoss()
    optimizer = {"adam": torch.optim.Adam, "sgd": torch.optim.SGD}[work.optimizer](
        model.parameters(), lr=work.rate)

    def loss_of_all():
        with torch.no_grad():
            return loss_of(model(x), y).item()

    def step(inputs, targets):
        optimizer.zero_grad(set_to_none=True)
        loss_of(model(inputs), targets).backward()
        optimizer.step()

    loss_of_all()
    for batches in torch.from_numpy(replicate.epochs):
        if work.is_full:
            step(x, y)
            continue
        for batch in batches:
            step(x[batch], y[batch])
    return loss_of_all()


torch.set_num_threads(1)
common.main(common.one_by_one(train))
