# SPDX-License-Identifier: MIT
# The works in scikit-learn: a partial_fit is one step. Three things differ from ours: its squared
# loss is halved, so the rate is doubled; its Adam adds eps before the bias correction of the root,
# not after, which the final losses do not show; and it has no way to be given initial weights, so
# they are put into the fitted attributes after a first step; the optimizer of that step is then dropped.
import numpy as np
from sklearn.neural_network import MLPClassifier, MLPRegressor

import common


def make_model(work, replicate):
    settings = dict(hidden_layer_sizes=work.units[1:-1], solver=work.optimizer, alpha=0,
                    batch_size=work.batch, momentum=0, shuffle=False,
                    activation="identity" if work.activation == "none" else work.activation)
    x, y = replicate.x[:work.batch], replicate.y[:work.batch]
    if work.has_classes:
        model = MLPClassifier(learning_rate_init=work.rate, **settings)
        model.partial_fit(x, y, classes=np.arange(work.units[-1]))
    else:
        model = MLPRegressor(learning_rate_init=2 * work.rate, **settings)
        model.partial_fit(x, y.ravel())
    model.coefs_ = [w.copy() for w in replicate.weights]
    model.intercepts_ = [b.copy() for b in replicate.biases]
    del model._optimizer
    return model


def train(work, replicate):
    x, y = replicate.x, replicate.y if work.has_classes else replicate.y.ravel()
    model = make_model(work, replicate)

    def loss_of_all():
        if work.has_classes:
            return -np.mean(np.log(model.predict_proba(x)[np.arange(len(y)), y]))
        return np.mean((model.predict(x) - y) ** 2)

    loss_of_all()
    for batches in replicate.epochs:
        if work.is_full:
            model.partial_fit(x, y)
            continue
        for batch in batches:
            model.partial_fit(x[batch], y[batch])
    return loss_of_all()


common.main(common.one_by_one(train))
