# SPDX-License-Identifier: MIT
# The replicates of a work side by side in NumPy: every array has a leading axis of replicates, over
# which np.matmul multiplies; gradients derived by hand.
import numpy as np

import common


def prepare(work):
    common.check_batched(work)
    rows = np.arange(work.n_replicates)[:, np.newaxis]
    rate = np.float32(work.rate)
    last = len(work.weights) - 1

    def train():
        weights = [w.copy() for w in work.weights]
        biases = [b[:, np.newaxis].copy() for b in work.biases]

        def forward(inputs):
            outputs = [inputs]
            for i, (w, b) in enumerate(zip(weights, biases)):
                z = np.matmul(outputs[-1], w) + b
                outputs.append(z if i == last else np.tanh(z))
            return outputs

        def step(inputs, targets):
            outputs = forward(inputs)
            delta = (outputs[-1] - targets) * np.float32(2 / targets[0].size)
            for i in range(last, -1, -1):
                dw = np.matmul(outputs[i].transpose(0, 2, 1), delta)
                db = delta.sum(axis=1, keepdims=True)
                if i > 0:
                    slope = 1 - outputs[i] * outputs[i]
                    delta = np.matmul(delta, weights[i].transpose(0, 2, 1)) * slope
                weights[i] -= rate * dw
                biases[i] -= rate * db

        def losses_of_all():
            error = forward(work.x)[-1] - work.y
            return np.mean(error * error, axis=(1, 2))

        losses_of_all()
        for epoch in range(work.order.shape[1]):
            for batch in range(work.order.shape[2]):
                samples = work.order[:, epoch, batch]
                step(work.x[rows, samples], work.y[rows, samples])
        return losses_of_all()

    return train


common.main(prepare)
