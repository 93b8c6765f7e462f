/* SPDX-License-Identifier: MIT
 * A loss with the number of its calls as value, and a gradient of 1 everywhere. */
#include "sdk/abi.h"

static double calls = 0;

static const char* loss64(const double* hyperparameters, struct descent_loss_call* call) {
  double* const gradient = call->gradient.data;
  const uint64_t n = call->gradient.rows * call->gradient.cols;
  (void)hyperparameters;
  if (gradient)
    for (uint64_t i = 0; i < n; ++i) gradient[i] = 1;
  call->value = ++calls;
  return 0;
}

extern const struct descent_plugin descent_entry;
const struct descent_plugin descent_entry = {.abi = DESCENT_ABI,
                                             .kind = DESCENT_LOSS,
                                             .name = "counting_loss",
                                             .doc = "the number of its calls",
                                             .targets = DESCENT_NUMBERS,
                                             .prediction = DESCENT_VALUES,
                                             .loss = {0, loss64}};
