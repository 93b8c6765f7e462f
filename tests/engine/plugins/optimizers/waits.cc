// SPDX-License-Identifier: MIT
// Waits in its third step, in the folder named by WAITS_IN: makes the file `waiting`, and goes on
// when there is a file `go`.
#include <fcntl.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "../broken.h"

static void misbehave() {
  const char* const folder = std::getenv("WAITS_IN");
  if (!folder) return;
  const std::string here = folder;
  const int file = ::open((here + "/waiting").c_str(), O_WRONLY | O_CREAT, 0600);
  if (file >= 0) ::close(file);
  while (::access((here + "/go").c_str(), F_OK) != 0) ::usleep(1000);
}

DESCENT_BROKEN_OPTIMIZER("waits for a file");
