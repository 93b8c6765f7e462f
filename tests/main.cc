// SPDX-License-Identifier: MIT
// The main() of every test program: every user runs the tests in the same environment.
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

int main(int argc, char** argv) {
  ::umask(022);  // plugins that others can write are refused
  ::unsetenv("DESCENT_PLUGIN_PATH");
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
