/* SPDX-License-Identifier: MIT
 * What a regularizer may ask for, in `needs` of its table. */
#ifndef DESCENT_SDK_JACOBIAN_H
#define DESCENT_SDK_JACOBIAN_H

/* The penalty is not of weights but of derivatives: `weights` of a penalty call is the Jacobian of
 * the model's outputs with respect to its inputs at one sample, outputs x inputs, which is the one
 * block. The host sums over the samples of the batch, divides by their number, and carries the
 * gradient on to the weights. */
enum descent_regularizer_needs { DESCENT_NEEDS_JACOBIAN = 4 };

#endif
