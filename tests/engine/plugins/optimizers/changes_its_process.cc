// SPDX-License-Identifier: MIT
// Deliberately broken: changes whatever a process can change of itself.
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <clocale>
#include <csignal>

#include "../broken.h"

static void misbehave() {
  if (::chdir("/") < 0) throw 1;
  ::umask(0777);
  ::alarm(1);
  std::signal(SIGSEGV, SIG_IGN);
  sigset_t all;
  sigfillset(&all);
  ::sigprocmask(SIG_BLOCK, &all, nullptr);
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = 3;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  std::setlocale(LC_ALL, "C.UTF-8");
}

DESCENT_BROKEN_OPTIMIZER("changes whatever a process can change of itself");
