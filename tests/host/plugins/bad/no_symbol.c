/* SPDX-License-Identifier: MIT
 * A library that is no plugin: nothing leaves it. */
int answer(void);
int answer(void) { return 42; }
