# SPDX-License-Identifier: MIT
# The works as a loop over NumPy arrays, gradients derived by hand.
import numpy as np

import common

ACTIVATIONS = {
    "relu": (lambda z: np.maximum(z, 0), lambda a: a > 0),
    "tanh": (np.tanh, lambda a: 1 - a * a),  # the slope in terms of the activation
    "none": (None, None),
}


def mse(prediction, y):
    error = prediction - y
    return np.mean(error * error), error * np.float32(2 / error.size)


def cross_entropy(logits, classes):
    rows = np.arange(len(classes))
    shifted = logits - logits.max(axis=1, keepdims=True)
    exponentials = np.exp(shifted)
    sums = exponentials.sum(axis=1, keepdims=True)
    loss = np.mean(np.log(sums[:, 0]) - shifted[rows, classes])
    gradient = exponentials / sums
    gradient[rows, classes] -= 1
    return loss, gradient / np.float32(len(classes))


class Sgd:
    def __init__(self, parameters, rate):
        self.parameters, self.rate = parameters, np.float32(rate)

    def step(self, gradients):
        for p, g in zip(self.parameters, gradients):
            p -= self.rate * g


class Adam:
    def __init__(self, parameters, rate):
        self.parameters, self.rate, self.t = parameters, rate, 0
        self.means = [np.zeros_like(p) for p in parameters]
        self.squares = [np.zeros_like(p) for p in parameters]

    def step(self, gradients):
        self.t += 1
        rate = np.float32(self.rate / (1 - 0.9**self.t))
        root = np.float32(1 / np.sqrt(1 - 0.999**self.t))
        kept, added = np.float32(0.9), np.float32(0.1)
        kept_square, added_square = np.float32(0.999), np.float32(0.001)
        for p, g, m, v in zip(self.parameters, gradients, self.means, self.squares):
            m *= kept
            m += added * g
            v *= kept_square
            v += added_square * (g * g)
            p -= rate * m / (root * np.sqrt(v) + np.float32(1e-8))


def train(work, replicate):
    x, y = replicate.x, replicate.y
    weights = [w.copy() for w in replicate.weights]
    biases = [b.copy() for b in replicate.biases]
    activate, slope = ACTIVATIONS[work.activation]
    loss_of = cross_entropy if work.has_classes else mse
    optimizer = (Adam if work.optimizer == "adam" else Sgd)(weights + biases, work.rate)
    last = len(weights) - 1

    def forward(inputs):
        outputs = [inputs]
        for i, (w, b) in enumerate(zip(weights, biases)):
            z = outputs[-1] @ w + b
            outputs.append(z if i == last else activate(z))
        return outputs

    def step(inputs, targets):
        outputs = forward(inputs)
        _, delta = loss_of(outputs[-1], targets)
        dw, db = [None] * len(weights), [None] * len(weights)
        for i in range(last, -1, -1):
            dw[i] = outputs[i].T @ delta
            db[i] = delta.sum(axis=0)
            if i > 0:
                delta = (delta @ weights[i].T) * slope(outputs[i])
        optimizer.step(dw + db)

    loss_of(forward(x)[-1], y)
    for batches in replicate.epochs:
        if work.is_full:
            step(x, y)
            continue
        for batch in batches:
            step(x[batch], y[batch])
    return loss_of(forward(x)[-1], y)[0]


common.main(common.one_by_one(train))
