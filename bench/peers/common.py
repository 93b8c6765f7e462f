# SPDX-License-Identifier: MIT
# What the peers in Python share: the works and their numbers as write_numbers.cc wrote them, and
# how a work is measured (report.h).
import collections
import sys
import time

import numpy as np

Replicate = collections.namedtuple("Replicate", "x y weights biases epochs")


class Work:
    def __init__(self, folder, name):
        lines = [line.split() for line in open(f"{folder}/works")]
        fields = next(line for line in lines if line[0] == name)
        self.units = [int(units) for units in fields[1].split("-")]
        self.activation, self.loss, self.optimizer = fields[2:5]
        self.rate = float(fields[5])
        self.samples, self.batch, self.n_epochs, self.n_replicates = map(int, fields[6:])
        self.is_full = self.batch == self.samples
        self.has_classes = self.loss == "cross_entropy"
        self.shapes = list(zip(self.units, self.units[1:]))  # inputs x outputs of every layer
        self.replicates = self._read(f"{folder}/{name}")

    # epochs: for each epoch its batches, arrays of sample indices.
    def _read(self, file):
        r, n = self.n_replicates, self.samples
        x = np.fromfile(file + ".x", np.float32).reshape(r, n, self.units[0])
        if self.has_classes:
            y = np.fromfile(file + ".y", np.int64).reshape(r, n)
        else:
            y = np.fromfile(file + ".y", np.float32).reshape(r, n, self.units[-1])
        w = np.fromfile(file + ".w", np.float32).reshape(r, -1)
        order = np.fromfile(file + ".order", np.int64).reshape(r, self.n_epochs, -1, self.batch)
        return [Replicate(x[i], y[i], *self._split(w[i]), order[i]) for i in range(r)]

    def _split(self, w):
        sizes = [i * o for i, o in self.shapes] + self.units[1:]
        parts = np.split(w, np.cumsum(sizes)[:-1])
        matrices = [part.reshape(shape) for part, shape in zip(parts, self.shapes)]
        return matrices, parts[len(matrices):]


# train(work, replicate) does the work once and returns the final loss over all samples.
def main(train):
    work, repetitions = Work(*sys.argv[1:3]), int(sys.argv[3])

    def train_all():
        return [train(work, replicate) for replicate in work.replicates]

    losses = train_all()
    for _ in range(repetitions):
        start, calls, passed = time.process_time(), 0, 0.0
        while passed < 0.2:
            losses = train_all()
            calls += 1
            passed = time.process_time() - start
        print(f"time {passed / calls:.9g}")
    for loss in losses:
        print(f"loss {loss:.9g}")
