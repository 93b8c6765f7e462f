#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# Three steps of each paper's update in NumPy, independent of this project's code: the numbers of
# tests/train/papers_test.cc, tests/train/objectives_test.cc and tests/host/joint_losses_test.cc.
# Prints them; run it as
#   python3 make.py
import numpy as np

np.set_printoptions(precision=17, floatmode="unique", linewidth=100)


def show(name, steps):
    print(name)
    for x in steps:
        print("  {" + ", ".join(repr(float(v)) for v in np.ravel(x)) + "}")


pair = [np.array(g) for g in ([0.5, -1.0], [0.25, 2.0], [-1.0, 0.5])]
start = np.array([1.0, -2.0])


def adam(lr, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.0):
    m = v = 0.0
    t = 0

    def step(x, g):
        nonlocal m, v, t
        t += 1
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g * g
        return (1 - lr * weight_decay) * x - lr * (m / (1 - beta1**t)) / (
            np.sqrt(v / (1 - beta2**t)) + eps
        )

    return step


def grokfast():
    x, mean, base, steps = start, None, adam(0.1), []
    for g in pair:
        mean = g if mean is None else 0.9 * mean + 0.1 * g
        x = base(x, g + 2 * mean)
        steps.append(x)
    show("grokfast: alpha 0.9, lambda 2, lr 0.1", steps)


def cautious():
    x, base, steps = start, adam(0.1, weight_decay=0.01), []
    for g in pair:
        u = base(x, g) - x
        mask = (u * g < 0).astype(float)
        x = x + len(x) / (1 + mask.sum()) * mask * u
        steps.append(x)
    show("cautious: adamw, lr 0.1", steps)


def lookahead_sgd():
    x, slow, steps = start, start, []
    for t, g in enumerate(pair, 1):
        x = x - 0.1 * g
        if t % 2 == 0:
            slow = slow + 0.25 * (x - slow)
            x = slow
        steps.append(x)
    show("lookahead: k 2, alpha 0.25, base sgd lr 0.1", steps)


# f = x'Ax/2 - b'x
A = np.diag([1.0, 4.0])
b = np.array([1.0, -2.0])
full = np.array([[2.0, 1.0], [1.0, 3.0]])


def value(M, x):
    return x @ M @ x / 2 - b @ x


def sps():
    x, steps = start, []
    for _ in range(3):
        g = full @ x - b
        x = x - min((value(full, x) + 2) / (0.5 * (g @ g)), 0.4) * g
        steps.append(x)
    show("sps: least -2, lr 0.4, full", steps)


def sophia():
    x, m, h, steps = start, 0.0, 0.0, []
    for t in range(1, 4):
        g = A @ x - b
        if (t - 1) % 2 == 0:
            h = 0.9 * h + 0.1 * np.diag(A)
        m = 0.8 * m + 0.2 * g
        x = x * (1 - 0.1 * 0.5) - 0.1 * np.clip(m / np.maximum(2 * h, 1e-12), -1, 1)
        steps.append(x)
    show("sophia: lr 0.1, beta1 0.8, beta2 0.9, rho 2, weight_decay 0.5, k 2, diagonal", steps)


def newton_cg():
    x, steps = start, []
    for _ in range(3):
        g = full @ x - b
        size = np.linalg.norm(g)
        p, r, d, square = np.zeros(2), g.copy(), -g, g @ g
        for _ in range(50):
            q = full @ d + 0.5 * d
            alpha = square / (d @ q)
            p, r = p + alpha * d, r + alpha * q
            following = r @ r
            if np.sqrt(following) <= min(0.5, np.sqrt(size)) * size:
                break
            d = following / square * d - r
            square = following
        t = 1.0
        while value(full, x + t * p) > value(full, x) + 1e-4 * t * (g @ p):
            t /= 2
        x = x + t * p
        steps.append(x)
    show("newton_cg: damping 0.5, full", steps)


# The mean of (c_i x - y_i)^2 over three samples.
C = np.array([[1.0, 0.5], [-1.0, 2.0], [0.5, 1.0]])
y = np.array([1.0, -1.0, 2.0])


def samples(x):
    r = C @ x - y
    return (2 * r[:, None] * C).T, r * r  # gradients, a column a sample, and losses


def levenberg_marquardt():
    x, mu, steps = start, 0.5, []
    for _ in range(3):
        g, losses = samples(x)
        J = (g / (2 * np.sqrt(losses))).T
        while True:
            there = x - np.linalg.solve(J.T @ J / 3 + mu * np.eye(2), g.mean(1) / 2)
            if samples(there)[1].mean() < losses.mean():
                break
            mu *= 2
        x, mu = there, mu / 3
        steps.append(x)
    show("levenberg_marquardt: damping 0.5", steps)


def natural_gradient(form):
    x, steps = start, []
    for _ in range(3):
        g, _ = samples(x)
        F = g @ g.T / 3
        if form == "diagonal":
            F = np.diag(np.diag(F))
        x = x - 0.1 * np.linalg.solve(F + 0.5 * np.eye(2), g.mean(1))
        steps.append(x)
    show("natural_gradient: lr 0.1, damping 0.5, " + form, steps)


def svrg():
    x, steps = start, []
    for epoch in range(2):
        snapshot = x
        for i in range(3):
            of = lambda at: samples(at)[0][:, i]
            x = x - 0.05 * (of(x) - of(snapshot) + samples(snapshot)[0].mean(1))
            steps.append(x)
    show("svrg: lr 0.05, batches of one sample in order, two epochs", steps)


matrix = [
    np.array(g, dtype=float)
    for g in (
        [1, 2, 0, 0, -1, 1, 1, -2],
        [0, 1, -1, 1, 1, 2, 0.5, 1],
        [0.5, 0, 1, -1, 2, 1, -1, 0],
    )
]


def soap():
    blocks = [(slice(0, 6), 3, 2), (slice(6, 8), 2, 1)]
    x = np.array([1, -1, 0, 2, 0.5, -2, 1, -1])
    states = [dict(L=0.0, R=0.0, M=0.0, V=0.0) for _ in blocks]
    steps = []
    for t, gradient in enumerate(matrix, 1):
        x = x.copy()
        for (part, rows, cols), s in zip(blocks, states):
            W = x[part].reshape(rows, cols, order="F")
            G = gradient[part].reshape(rows, cols, order="F")
            s["L"] = 0.9 * s["L"] + 0.1 * G @ G.T
            s["R"] = 0.9 * s["R"] + 0.1 * G.T @ G
            if t == 1:
                s["P"], s["Q"] = np.linalg.eigh(s["L"])[1], np.linalg.eigh(s["R"])[1]
            P, Q = s["P"], s["Q"]
            s["M"] = 0.8 * s["M"] + 0.2 * G
            s["V"] = 0.9 * s["V"] + 0.1 * (P.T @ G @ Q) ** 2
            N = (P.T @ s["M"] @ Q) / (1 - 0.8**t) / (np.sqrt(s["V"] / (1 - 0.9**t)) + 1e-2)
            x[part] = (W - 0.1 * P @ N @ Q.T).ravel(order="F")
            if t > 1 and t % 2 == 0:
                s["P"] = np.linalg.qr(s["L"] @ P)[0]
                s["Q"] = np.linalg.qr(s["R"] @ Q)[0]
        steps.append(x)
    show("soap: lr 0.1, beta1 0.8, beta2 0.9, shampoo_beta 0.9, eps 0.01, interval 2", steps)


# Five embeddings of two numbers, a column each, of the classes 0, 0, 1, 1, 2.
embedding = np.array([[1.0, 0.5, -1.0, 0.25, -0.5], [0.0, 1.0, 0.5, -1.0, -1.25]])
classes = [0, 0, 1, 1, 2]


def contrastive():
    z = embedding / np.linalg.norm(embedding, axis=0)
    losses = []
    for i in range(5):
        others = [a for a in range(5) if a != i]
        whole = sum(np.exp(z[:, i] @ z[:, a] / 0.5) for a in others)
        positives = [p for p in others if classes[p] == classes[i]]
        if positives:
            losses.append(
                -np.mean([np.log(np.exp(z[:, i] @ z[:, p] / 0.5) / whole) for p in positives])
            )
    show("supervised_contrastive: temperature 0.5", [np.mean(losses)])


def triplet():
    losses = []
    for i in range(5):
        far = [
            np.linalg.norm(embedding[:, i] - embedding[:, p])
            for p in range(5)
            if p != i and classes[p] == classes[i]
        ]
        near = [
            np.linalg.norm(embedding[:, i] - embedding[:, n])
            for n in range(5)
            if classes[n] != classes[i]
        ]
        if far:
            losses.append(max(0, 0.2 + max(far) - min(near)))
    show("triplet: margin 0.2", [np.mean(losses)])


def path_norm():
    w = np.arange(1, 13).reshape(4, 3, order="F") / 10
    v = np.arange(13, 21).reshape(2, 4, order="F") / 10
    total = 0
    for i in range(3):
        for h in range(4):
            for o in range(2):
                total += (w[h, i] * v[o, h]) ** 2
    show("path_norm: lambda 0.5, weights 0.1, 0.2, ... of 4 x 3 and 2 x 4", [0.5 * total])


contrastive()
triplet()
path_norm()
grokfast()
cautious()
lookahead_sgd()
sps()
sophia()
newton_cg()
levenberg_marquardt()
natural_gradient("diagonal")
natural_gradient("full")
svrg()
soap()
