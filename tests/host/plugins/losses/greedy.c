/* SPDX-License-Identifier: MIT
 * A loss that needs 1000 bytes of scratch for every sample, with a value of how many times it
 * has been called. It fails when it is called again with no more than it had. */
#include "sdk/abi.h"

static double calls = 0;
static uint64_t had = 0;

static const char* loss64(const double* hyperparameters, struct descent_loss_call* call) {
  const uint64_t wanted = 1000 * call->prediction.cols;
  (void)hyperparameters;
  ++calls;
  if (call->scratch->bytes < wanted) {
    call->scratch->needed = wanted;
    return 0;
  }
  if (call->scratch->bytes < had) return "the scratch has shrunk";
  had = call->scratch->bytes;
  for (uint64_t i = 0; i < had; ++i) ((char*)call->scratch->data)[i] = 1; /* all of it is ours */
  call->value = calls;
  return 0;
}

extern const struct descent_plugin descent_entry;
const struct descent_plugin descent_entry = {.abi = DESCENT_ABI,
                                             .kind = DESCENT_LOSS,
                                             .name = "greedy",
                                             .doc = "wants 1000 bytes a sample",
                                             .targets = DESCENT_NUMBERS,
                                             .prediction = DESCENT_VALUES,
                                             .loss = {0, loss64}};
