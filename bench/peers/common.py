# SPDX-License-Identifier: MIT
# Shared by the peers in Python: the works and their numbers as write_numbers.cc wrote them, and
# how a work is measured and checked (measure.h).
import collections
import sys
import time

import numpy as np

Replicate = collections.namedtuple("Replicate", "x y weights biases epochs")


# x, y, order and each of weights and biases have a leading axis of replicates; order has the axes
# replicate, epoch, batch, and holds sample indices.
class Work:
    def __init__(self, folder, name):
        with open(f"{folder}/works") as works:
            fields = next((f for f in map(str.split, works) if f[0] == name), None)
        if fields is None:
            sys.exit(f"{sys.argv[0]}: no work is called {name} in {folder}/works")
        self.name = name
        self.units = [int(units) for units in fields[1].split("-")]
        self.activation, self.loss, self.optimizer = fields[2:5]
        self.rate = float(fields[5])
        self.samples, self.batch, n_epochs, self.n_replicates = map(int, fields[6:10])
        self.tolerance = float(fields[10])
        self.is_full = self.batch == self.samples
        self.has_classes = self.loss == "cross_entropy"
        self.shapes = list(zip(self.units, self.units[1:]))  # inputs x outputs of every layer

        def read(what, element, *shape):
            return np.fromfile(f"{folder}/{name}.{what}", element).reshape(shape)

        r, n = self.n_replicates, self.samples
        self.x = read("x", np.float32, r, n, self.units[0])
        self.y = (read("y", np.int64, r, n) if self.has_classes else
                  read("y", np.float32, r, n, self.units[-1]))
        self.order = read("order", np.int64, r, n_epochs, -1, self.batch)
        self.losses = read("losses", np.float64, r)
        sizes = [i * o for i, o in self.shapes] + self.units[1:]
        parts = np.split(read("w", np.float32, r, -1), np.cumsum(sizes)[:-1], axis=1)
        self.weights = [part.reshape(r, *shape) for part, shape in zip(parts, self.shapes)]
        self.biases = parts[len(self.shapes):]

    # Views of one replicate each.
    def replicates(self):
        return [Replicate(self.x[r], self.y[r], [w[r] for w in self.weights],
                          [b[r] for b in self.biases], self.order[r])
                for r in range(self.n_replicates)]


# train(work, replicate) trains one replicate and returns its final loss over all samples.
def one_by_one(train):
    def prepare(work):
        replicates = work.replicates()
        return lambda: [train(work, replicate) for replicate in replicates]
    return prepare


# The peers that train replicates side by side are written for one kind of work.
def check_batched(work):
    if work.activation == "relu" or (work.loss, work.optimizer) != ("mse", "sgd"):
        sys.exit(f"{sys.argv[0]}: {work.name}: written for tanh, mse and sgd only")


def deviation_of(losses, expected):
    losses = np.asarray(losses, np.float64)
    return np.max(np.abs(losses / expected - 1)) if losses.shape == expected.shape else np.nan


def time_of(train, least_seconds):
    start, calls, passed = time.process_time(), 0, 0.0
    while calls == 0 or passed < least_seconds:
        train()
        calls += 1
        passed = time.process_time() - start
    return passed / calls


# prepare(work) returns a function that does the work once, for all replicates, and returns their
# final losses.
def main(prepare):
    if len(sys.argv) < 5:
        sys.exit(f"{sys.argv[0]}: the arguments are FOLDER REPETITIONS SECONDS WORK..., the folder "
                 "as peers_write_numbers filled it")
    folder, repetitions, least_seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    for name in sys.argv[4:]:
        work = Work(folder, name)
        train = prepare(work)
        deviation = deviation_of(train(), work.losses)
        if not deviation <= work.tolerance:
            sys.exit(f"{sys.argv[0]}: {name}: a final loss deviates by {deviation:g} from ours, "
                     f"more than {work.tolerance:g}")
        print(f"{name} deviation {deviation:.9g}")
        for _ in range(repetitions):
            print(f"{name} time {time_of(train, least_seconds):.9g}")
