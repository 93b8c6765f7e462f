/* SPDX-License-Identifier: MIT
 * An optimizer that sets every weight to how often it has been called. */
#include "sdk/abi.h"

static double calls = 0;

static const char* step64(const double* hyperparameters, const struct descent_step_call* call) {
  (void)hyperparameters;
  ++calls;
  for (uint64_t i = 0; i < call->x.rows; ++i) ((double*)call->x.data)[i] = calls;
  return 0;
}

extern const struct descent_plugin descent_entry;
const struct descent_plugin descent_entry = {.abi = DESCENT_ABI,
                                             .kind = DESCENT_OPTIMIZER,
                                             .name = "counting_optimizer",
                                             .doc = "the number of its calls",
                                             .step = {0, step64}};
