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


def adafactor():
    blocks = [(slice(0, 6), 3, 2), (slice(6, 8), 2, 1)]
    x = np.array([1, -1, 0, 2, 0.5, -2, 1, -1])
    states = [dict(R=0.0, C=0.0) for _ in blocks]
    steps = []
    for t, gradient in enumerate(matrix, 1):
        x = x.copy()
        b = 1 - t**-0.8
        for (part, rows, cols), s in zip(blocks, states):
            W = x[part].reshape(rows, cols, order="F")
            G = gradient[part].reshape(rows, cols, order="F")
            s["R"] = b * s["R"] + (1 - b) * (G**2 + 1e-2).sum(1)
            s["C"] = b * s["C"] + (1 - b) * (G**2 + 1e-2).sum(0)
            U = G / np.sqrt(np.outer(s["R"], s["C"]) / s["R"].sum())
            U = U / max(1, np.sqrt((U**2).mean()) / 0.5)
            rate = max(1e-3, np.sqrt((W**2).mean())) * min(0.6, 1 / np.sqrt(t))
            x[part] = (W - rate * U).ravel(order="F")
        steps.append(x)
    show("adafactor: lr 0.6, clip 0.5, eps1 0.01", steps)


def adopt():
    x, m, v, steps = start, 0.0, None, []
    for k, g in enumerate(pair):
        if v is None:
            v = g * g
        else:
            m = 0.9 * m + 0.1 * np.clip(g / np.maximum(np.sqrt(v), 1e-6), -(k**0.25), k**0.25)
            x = x - 0.1 * m
            v = 0.99 * v + 0.01 * g * g
        steps.append(x)
    show("adopt: lr 0.1, beta2 0.99", steps)


def ademamix(T):
    x, m1, m2, v, steps = start, 0.0, 0.0, 0.0, []
    for t, g in enumerate(pair, 1):
        b3, alpha = 0.99, 5.0
        if T:
            p, q = np.log(0.9), np.log(b3)
            b3 = min(np.exp(p * q / ((1 - t / T) * q + t / T * p)), b3)
            alpha = min(t * alpha / T, alpha)
        m1 = 0.9 * m1 + 0.1 * g
        m2 = b3 * m2 + (1 - b3) * g
        v = 0.999 * v + 0.001 * g * g
        u = (m1 / (1 - 0.9**t) + alpha * m2) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        x = x - 0.1 * (u + 0.5 * x)
        steps.append(x)
    show(f"ademamix: lr 0.1, beta3 0.99, weight_decay 0.5, warmup {T}", steps)


def barzilai_borwein(form):
    x, old, steps = start, None, []
    for _ in range(4):
        g = full @ x - b
        rate = 0.1
        if old:
            s, y = x - old[0], g - old[1]
            rate = s @ s / (s @ y) if form == "long" else s @ y / (y @ y)
        old = x, g
        x = x - rate * g
        steps.append(x)
    show("barzilai_borwein: lr 0.1, full, " + form, steps)


class Twister:
    """MT19937-64 (Nishimura 2000), and normal numbers by Marsaglia's polar method."""

    mask = (1 << 64) - 1

    def __init__(self, seed):
        self.s = [seed]
        for i in range(1, 312):
            last = self.s[-1]
            self.s.append((6364136223846793005 * (last ^ last >> 62) + i) & self.mask)
        self.i, self.kept = 312, None

    def integer(self):
        s = self.s
        if self.i == 312:
            for i in range(312):
                x = s[i] & (self.mask ^ 0x7FFFFFFF) | s[(i + 1) % 312] & 0x7FFFFFFF
                s[i] = s[(i + 156) % 312] ^ x >> 1 ^ (0xB5026F5AA96619E9 if x & 1 else 0)
            self.i = 0
        x = s[self.i]
        self.i += 1
        x ^= x >> 29 & 0x5555555555555555
        x ^= x << 17 & 0x71D67FFFEDA60000
        x ^= x << 37 & 0xFFF7EEE000000000
        return (x ^ x >> 43) & self.mask

    def normal(self):
        if self.kept is not None:
            kept, self.kept = self.kept, None
            return kept
        while True:
            x, y = (2 * (self.integer() / 2**64) - 1 for _ in range(2))
            r = x * x + y * y
            if 0 < r <= 1:
                break
        factor = np.sqrt(-2 * np.log(r) / r)
        self.kept = x * factor
        return y * factor


def cma_es():
    n, x, sigma, steps = 2, start, 0.5, []
    C, ps, pc = np.eye(2), np.zeros(2), np.zeros(2)
    count = 4 + int(3 * np.log(n))
    mu = count // 2
    w = np.log((count + 1) / 2) - np.log(np.arange(1, mu + 1))
    w = w / w.sum()
    mueff = 1 / (w**2).sum()
    cs = (mueff + 2) / (n + mueff + 5)
    ds = 1 + 2 * max(0, np.sqrt((mueff - 1) / (n + 1)) - 1) + cs
    cc = (4 + mueff / n) / (n + 4 + 2 * mueff / n)
    c1 = 2 / ((n + 1.3) ** 2 + mueff)
    cmu = min(1 - c1, 2 * (mueff - 2 + 1 / mueff) / ((n + 2) ** 2 + mueff))
    chi = np.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n**2))
    for t in range(1, 4):
        random = Twister(t - 1)
        Z = np.array([[random.normal() for _ in range(n)] for _ in range(count)])
        D2, B = np.linalg.eigh(C)
        Y = Z @ (B * np.sqrt(D2)).T
        order = np.argsort([value(full, x + sigma * y) for y in Y], kind="stable")[:mu]
        y = w @ Y[order]
        x = x + sigma * y
        root = B @ np.diag(1 / np.sqrt(D2)) @ B.T
        ps = (1 - cs) * ps + np.sqrt(cs * (2 - cs) * mueff) * root @ y
        length = np.linalg.norm(ps)
        h = length / np.sqrt(1 - (1 - cs) ** (2 * t)) < (1.4 + 2 / (n + 1)) * chi
        pc = (1 - cc) * pc + h * np.sqrt(cc * (2 - cc) * mueff) * y
        C = (
            (1 + c1 * (1 - h) * cc * (2 - cc) - c1 - cmu) * C
            + c1 * np.outer(pc, pc)
            + cmu * (Y[order].T * w) @ Y[order]
        )
        sigma = sigma * np.exp(cs / ds * (length / chi - 1))
        steps.append(x)
    show("cma_es: sigma 0.5, full, seeds 0, 1, 2", steps)


# Logits of three classes for four samples, a column each.
logits = np.array([[1.0, -0.5, 0.25, 2.0], [0.0, 1.5, -1.0, 0.5], [-1.0, 0.5, 0.75, -2.0]])
labels = [0, 1, 2, 1]
share = np.exp(logits) / np.exp(logits).sum(0)
picked = share[labels, range(4)]


def losses_of_classes():
    weight = np.array([1.0, 2.0, 0.5, 1.5])  # of the samples
    entropy = -(share * np.log(share)).sum(0)
    gce = (1 - picked**0.6) / 0.6
    show(
        "generalized_cross_entropy: q 0.6, plain and weighted",
        [gce.mean(), (weight * gce).sum() / weight.sum()],
    )
    penalized = -np.log(picked) - 0.3 * entropy
    show(
        "confidence_penalty: beta 0.3, plain and weighted",
        [penalized.mean(), (weight * penalized).sum() / weight.sum()],
    )
    for w in (np.ones(4), weight):
        t = np.eye(3)[labels].T
        each = (2 * (w * share * t).sum(1) + 0.5) / (
            (w * share**2).sum(1) + (w * t**2).sum(1) + 0.5
        )
        show("dice: smooth 0.5", [1 - each.mean()])


def tweedie():
    # As scikit-learn's mean_tweedie_deviance.
    p, t, m = 1.3, np.array([0.0, 0.5, 2.5, 7.0]), np.array([0.5, 1.0, 2.0, 9.0])
    least = t ** (2 - p) / ((1 - p) * (2 - p))
    each = 2 * (least - t * m ** (1 - p) / (1 - p) + m ** (2 - p) / (2 - p))
    show("tweedie: power 1.3", [each.mean()])


def spectral_norm():
    w = np.arange(1, 13).reshape(4, 3, order="F") / 10
    v = np.arange(13, 21).reshape(2, 4, order="F") / 10
    total = sum(np.linalg.eigvalsh(m.T @ m)[-1] for m in (w, v))
    show("spectral_norm: lambda 0.5, weights 0.1, 0.2, ... of 4 x 3 and 2 x 4", [0.25 * total])


# Weights of 3 x 2, then 2 x 3, then biases: cos(1), cos(2), ...; its derivatives by the chain rule,
# those of the penalty by complex steps.
def jacobian():
    def penalty(w):
        first, second = w[:6].reshape(3, 2, order="F"), w[6:12].reshape(2, 3, order="F")
        total = 0
        for sample in ([0.5, -1.0], [0.25, 2.0], [-1.0, 0.5]):
            hidden = np.tanh(first @ np.array(sample) + w[12:15])
            total += np.sum((second @ np.diag(1 - hidden**2) @ first) ** 2)
        return 0.5 / 2 * total / 3

    w = np.cos(np.arange(1, 18))
    slope = [np.imag(penalty(w + 1e-30j * e)) / 1e-30 for e in np.eye(17)]
    show("jacobian: lambda 0.5, a net of 2, 3 (tanh) and 2 units", [[penalty(w)], slope])


contrastive()
triplet()
jacobian()
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
adafactor()
adopt()
ademamix(0)
ademamix(4)
barzilai_borwein("long")
barzilai_borwein("short")
cma_es()
losses_of_classes()
tweedie()
spectral_norm()
