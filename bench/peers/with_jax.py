# SPDX-License-Identifier: MIT
# The replicates of a work side by side in JAX: a training of one replicate, a scan over its batches,
# mapped over all by jax.vmap and compiled by jax.jit. Compiling it is not in the time.
import jax
import jax.numpy as jnp
import numpy as np

import common


def prepare(work):
    common.check_batched(work)

    def loss(parameters, x, y):
        (w, b), *others = parameters
        outputs = x @ w + b
        for w, b in others:
            outputs = jnp.tanh(outputs) @ w + b
        return jnp.mean((outputs - y) ** 2)

    def train_one(parameters, x, y, order):
        def step(before, samples):
            gradients = jax.grad(loss)(before, x[samples], y[samples])
            return jax.tree_util.tree_map(lambda p, g: p - work.rate * g, before, gradients), None

        trained, _ = jax.lax.scan(step, parameters, order)
        return loss(parameters, x, y), loss(trained, x, y)

    train_all = jax.jit(jax.vmap(train_one))
    parameters = list(zip(work.weights, work.biases))
    order = work.order.reshape(work.n_replicates, -1, work.batch).astype(np.int32)
    return lambda: np.asarray(train_all(parameters, work.x, work.y, order)[1])


common.main(prepare)
