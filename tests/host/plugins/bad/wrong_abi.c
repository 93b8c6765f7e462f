/* SPDX-License-Identifier: MIT
 * A plugin of another interface: all the host may read is the first number. */
#include <stdint.h>

struct other_interface {
  uint32_t abi;
};
extern const struct other_interface descent_entry;
const struct other_interface descent_entry = {4711};
