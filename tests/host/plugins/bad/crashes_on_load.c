/* SPDX-License-Identifier: MIT
 * A library that dies before anybody can ask what it is. */
#include <stdlib.h>

__attribute__((constructor)) static void crash(void) { abort(); }
