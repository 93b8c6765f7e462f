#!/usr/bin/python3
# SPDX-License-Identifier: MIT
# Writes measures.json next to itself: predictions, targets, and what scikit-learn measures of them.
# Debian: apt-get install python3-sklearn. The values in the file are of version 1.2.1.
import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn import metrics as m

warnings.filterwarnings("ignore")
random = np.random.default_rng(7)


def numbers(name, target, prediction, weights=None):
    target, prediction = np.atleast_2d(target), np.atleast_2d(prediction)
    given = (target.T, prediction.T)
    w = {"sample_weight": weights}
    return {
        "name": name, "target": target.tolist(), "prediction": prediction.tolist(),
        "weights": None if weights is None else weights.tolist(),
        "measures": {
            "mse": m.mean_squared_error(*given, **w),
            "mae": m.mean_absolute_error(*given, **w),
            "rmse": m.mean_squared_error(*given, squared=False, **w),
            "r2": m.r2_score(*given, **w),
            "median_absolute_error": m.median_absolute_error(*given, **w),
            "explained_variance": m.explained_variance_score(*given, **w),
        },
    }


def over_classes_with_both(measure, target, p, w):
    values = []
    for c in range(p.shape[1]):
        is_c = target == c
        if is_c.any() and not is_c.all():
            values.append(measure(is_c, p[:, c], sample_weight=w))
    return float(np.mean(values)) if values else None


def calibration_error(target, p, w):
    w = np.ones(len(target)) if w is None else w
    confidence, right = p.max(axis=1), p.argmax(axis=1) == target
    bins = np.clip(np.ceil(confidence * 15) - 1, 0, 14)
    return sum(abs(sum(w[bins == b] * (confidence - right)[bins == b])) for b in range(15)) / sum(w)


def top_k(target, p, k, w):
    classes = p.shape[1]
    if k >= classes:
        return 1.0
    if classes == 2:  # which scikit-learn would count by a threshold
        return None
    return m.top_k_accuracy_score(target, p, k=k, labels=range(classes), sample_weight=w)


def classes(name, target, p, weights=None):
    predicted, w = p.argmax(axis=1), {"sample_weight": weights}
    one_hot = np.eye(p.shape[1])[target]
    average = lambda f, how: f(target, predicted, average=how, zero_division=0, **w)
    return {
        "name": name, "target": target.tolist(), "probabilities": p.tolist(),
        "weights": None if weights is None else weights.tolist(),
        "measures": {
            "balanced_accuracy": m.balanced_accuracy_score(target, predicted, **w),
            "precision": average(m.precision_score, "macro"),
            "recall": average(m.recall_score, "macro"),
            "f1": average(m.f1_score, "macro"),
            "precision_micro": average(m.precision_score, "micro"),
            "recall_micro": average(m.recall_score, "micro"),
            "f1_micro": average(m.f1_score, "micro"),
            "mcc": m.matthews_corrcoef(target, predicted, **w),
            "roc_auc": over_classes_with_both(m.roc_auc_score, target, p, weights),
            "average_precision": over_classes_with_both(m.average_precision_score, target, p, weights),
            "log_loss": m.log_loss(target, p, labels=range(p.shape[1]), **w),
            "brier": sum(m.brier_score_loss(one_hot[:, c], p[:, c], pos_label=1, **w)
                         for c in range(p.shape[1])),
            "ece": calibration_error(target, p, weights),
            "top_2_accuracy": top_k(target, p, 2, weights),
            "top_3_accuracy": top_k(target, p, 3, weights),
            "top_5_accuracy": top_k(target, p, 5, weights),
            "top_10_accuracy": top_k(target, p, 10, weights),
        },
        "confusion": m.confusion_matrix(target, predicted, labels=range(p.shape[1]), **w).tolist(),
    }


# Labels of several outputs, each by itself: outputs x samples of probabilities of 1.
def outputs(name, target, p, weights=None):
    t, predicted, w = target.T, (p > 0.5).astype(int).T, {"sample_weight": weights}
    if len(target) == 1:  # both averages are then of class 1 alone
        average = lambda f, how: f(t[:, 0], predicted[:, 0], average="binary", zero_division=0, **w)
    else:
        average = lambda f, how: f(t, predicted, average=how, zero_division=0, **w)
    each = lambda f: float(np.mean([f(a, b) for a, b in zip(t.T, predicted.T)]))
    scored = lambda f: m_over([f(a, b, **w) for a, b in zip(target, p) if 0 < a.sum() < len(a)])
    return {
        "name": name, "target": target.tolist(), "probabilities": p.tolist(),
        "weights": None if weights is None else weights.tolist(),
        "measures": {
            "precision": average(m.precision_score, "macro"),
            "recall": average(m.recall_score, "macro"),
            "f1": average(m.f1_score, "macro"),
            "precision_micro": average(m.precision_score, "micro"),
            "recall_micro": average(m.recall_score, "micro"),
            "f1_micro": average(m.f1_score, "micro"),
            "balanced_accuracy": each(lambda a, b: m.balanced_accuracy_score(a, b, **w)),
            "mcc": each(lambda a, b: m.matthews_corrcoef(a, b, **w)),
            "roc_auc": scored(m.roc_auc_score),
            "average_precision": scored(m.average_precision_score),
            "log_loss": float(np.mean([m.log_loss(a, b, labels=[0, 1], **w) for a, b in zip(target, p)])),
            "brier": 2 * float(np.mean([m.brier_score_loss(a, b, pos_label=1, **w)
                                        for a, b in zip(target, p)])),
        },
    }


def m_over(values):
    return float(np.mean(values)) if values else None


def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def weights(n):
    w = random.uniform(0.1, 3, n)
    return w / w.mean()


def all_numbers():
    y = random.normal(3, 2, 37)
    yield numbers("random", y, y + random.normal(0, 1, 37))
    yield numbers("an even number", y[:36], y[:36] + random.normal(0, 1, 36))
    yield numbers("weighted", y, y + random.normal(0, 1, 37), weights(37))
    yield numbers("three outputs", random.normal(0, 1, (3, 20)), random.normal(0, 1, (3, 20)))
    yield numbers("three outputs, weighted", random.normal(0, 1, (3, 20)), random.normal(0, 1, (3, 20)),
                  weights(20))
    yield numbers("exact", y, y)
    yield numbers("equal targets", np.full(5, 2.0), random.normal(2, 1, 5))
    yield numbers("equal targets, exact", np.full(5, 2.0), np.full(5, 2.0))
    yield numbers("a constant error", y, y + 1.5)
    yield numbers("ties", np.array([0.0, 1, 2, 3]), np.array([1.0, 2, 3, 4]))
    yield numbers("far from 0", 1e6 + y, 1e6 + y + random.normal(0, 1, 37))


def all_classes():
    for name, c, n in [("random", 4, 60), ("two classes", 2, 41), ("many classes", 12, 100)]:
        t = random.integers(0, c, n)
        p = softmax(random.normal(0, 1, (n, c)) + 1.5 * np.eye(c)[t])
        yield classes(name, t, p)
        yield classes(name + ", weighted", t, p, weights(n))
    t = random.choice([0, 2, 3], 40)
    yield classes("one class missing", t, softmax(random.normal(0, 1, (40, 4))))
    yield classes("one class missing, weighted", t, softmax(random.normal(0, 1, (40, 4))), weights(40))
    p = softmax(random.normal(0, 1, (40, 4)))
    p[:, 1] = 0
    yield classes("one class missing everywhere", t, p / p.sum(axis=1, keepdims=True))
    yield classes("one class alone", np.ones(9, int), softmax(random.normal(0, 1, (9, 3))))
    coarse = np.round(softmax(random.normal(0, 1, (80, 3))) * 4) + 0.25
    yield classes("ties", random.integers(0, 3, 80), coarse / coarse.sum(axis=1, keepdims=True))
    yield classes("ties, weighted", random.integers(0, 3, 80), coarse / coarse.sum(axis=1, keepdims=True),
                  weights(80))
    yield classes("all equal", random.integers(0, 4, 20), np.full((20, 4), 0.25))
    t = random.integers(0, 3, 20)
    yield classes("certain and right", t, np.eye(3)[t])
    yield classes("certain and wrong", t, np.eye(3)[(t + 1) % 3])
    yield classes("always the same", t, np.tile([0.5, 0.3, 0.2], (20, 1)))


def all_outputs():
    t = random.integers(0, 2, (1, 50))
    p = 1 / (1 + np.exp(-(random.normal(0, 1, (1, 50)) + 2 * t - 1)))
    yield outputs("one output", t, p)
    yield outputs("one output, weighted", t, p, weights(50))
    t = random.integers(0, 2, (3, 30))
    yield outputs("three outputs", t, random.uniform(0, 1, (3, 30)))
    yield outputs("ties", t, np.round(random.uniform(0.05, 0.95, (3, 30)), 1))
    t[1] = 0
    yield outputs("an output without its class", t, random.uniform(0, 1, (3, 30)))


out = pathlib.Path(__file__).with_name("measures.json")
out.write_text(json.dumps({
    "source": f"scikit-learn {sklearn.__version__}, by make.py",
    "numbers": list(all_numbers()), "classes": list(all_classes()), "outputs": list(all_outputs()),
}).replace("NaN", "null") + "\n")
