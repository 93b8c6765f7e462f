# SPDX-License-Identifier: MIT
# The replicates of a work side by side in PyTorch: every tensor has a leading axis of replicates,
# over which torch.baddbmm multiplies; the sum of their losses gives each its own gradient.
import torch

import common


def prepare(work):
    common.check_batched(work)
    x, y, order = (torch.from_numpy(values) for values in (work.x, work.y, work.order))
    rows = torch.arange(work.n_replicates).unsqueeze(1)

    def train():
        weights = [torch.from_numpy(w).clone().requires_grad_() for w in work.weights]
        biases = [torch.from_numpy(b).unsqueeze(1).clone().requires_grad_() for b in work.biases]
        optimizer = torch.optim.SGD(weights + biases, lr=work.rate)

        def losses(inputs, targets):
            outputs = torch.baddbmm(biases[0], inputs, weights[0])
            for w, b in zip(weights[1:], biases[1:]):
                outputs = torch.baddbmm(b, torch.tanh(outputs), w)
            return ((outputs - targets) ** 2).mean(dim=(1, 2))

        def losses_of_all():
            with torch.no_grad():
                return losses(x, y).numpy()

        losses_of_all()
        for epoch in order.unbind(1):
            for samples in epoch.unbind(1):
                optimizer.zero_grad(set_to_none=True)
                losses(x[rows, samples], y[rows, samples]).sum().backward()
                optimizer.step()
        return losses_of_all()

    return train


torch.set_num_threads(1)
common.main(prepare)
