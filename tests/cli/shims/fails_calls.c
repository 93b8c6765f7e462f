// SPDX-License-Identifier: MIT
// Preloaded: the FAIL_NUMBERth call of the kind FAIL_CALL fails with the errno FAIL_ERROR, or with
// FAIL_ERROR=0 the process is killed in its place. Calls are counted in the first process only,
// from where the program ignores SIGXFSZ, which it does first of all; their number is written into
// the file FAIL_COUNT. A program that has not ended by itself after a minute is ended by SIGALRM.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#define REAL(result, name, ...)              \
  static result (*real)(__VA_ARGS__) = NULL; \
  if (!real) *(void**)&real = dlsym(RTLD_NEXT, #name)

static pid_t process = 0;  // 0: nothing is counted yet
static const char *call = "", *count_file = NULL;
static long number = 0, count = 0;
static int error = 0;  // 0: killed

static void arm(void) {
  const char *name = getenv("FAIL_CALL"), *which = getenv("FAIL_NUMBER"),
             *reason = getenv("FAIL_ERROR");
  if (!name || process != 0) return;
  call = name;
  number = which ? atol(which) : 0;
  error = reason ? atoi(reason) : 0;
  count_file = getenv("FAIL_COUNT");
  alarm(60);
  process = getpid();
}

__attribute__((destructor)) static void tell(void) {
  if (process != getpid() || !count_file) return;
  FILE* file = fopen(count_file, "w");
  if (!file) return;
  fprintf(file, "%ld\n", count);
  fclose(file);
}

// Whether this call fails; errno says why.
static int fails(const char* kind) {
  if (process == 0 || process != (pid_t)syscall(SYS_getpid) || strcmp(kind, call) != 0) return 0;
  if (++count != number) return 0;
  if (error == 0) raise(SIGKILL);
  errno = error;
  return 1;
}

sighandler_t signal(int which, sighandler_t handler) {
  REAL(sighandler_t, signal, int, sighandler_t);
  if (which == SIGXFSZ) arm();
  return real(which, handler);
}

ssize_t write(int file, const void* bytes, size_t size) {
  REAL(ssize_t, write, int, const void*, size_t);
  return fails("write") ? -1 : real(file, bytes, size);
}

ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at) {
  REAL(ssize_t, pwrite64, int, const void*, size_t, off64_t);
  return fails("write") ? -1 : real(file, bytes, size, at);
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t at) {
  return pwrite64(file, bytes, size, at);
}

int ftruncate64(int file, off64_t size) {
  REAL(int, ftruncate64, int, off64_t);
  return fails("write") ? -1 : real(file, size);
}

int ftruncate(int file, off_t size) { return ftruncate64(file, size); }

int fsync(int file) {
  REAL(int, fsync, int);
  return fails("write") ? -1 : real(file);
}

int fdatasync(int file) {
  REAL(int, fdatasync, int);
  return fails("write") ? -1 : real(file);
}

int fcntl64(int file, int command, ...) {
  REAL(int, fcntl64, int, int, ...);
  va_list rest;
  va_start(rest, command);
  void* const argument = va_arg(rest, void*);
  va_end(rest);
  const int locks = command == F_SETLK || command == F_SETLKW || command == F_GETLK;
  return locks && fails("lock") ? -1 : real(file, command, argument);
}

int fcntl(int file, int command, ...) {
  va_list rest;
  va_start(rest, command);
  void* const argument = va_arg(rest, void*);
  va_end(rest);
  return fcntl64(file, command, argument);
}

pid_t fork(void) {
  REAL(pid_t, fork, void);
  return fails("fork") ? -1 : real();
}

// OpenBLAS's small products for AVX-512 write to what they get, even if that is nothing.
static int is_of_openblas(void* address) {
  struct dl_find_object library;
  return _dl_find_object(address, &library) == 0 &&
         strstr(library.dlfo_link_map->l_name, "openblas") != NULL;
}

// Where the program's own malloc, and with it operator new, asks: by a jump, so that the address is
// that of who asked.
void* __libc_malloc(size_t size) {
  REAL(void*, __libc_malloc, size_t);
  return !is_of_openblas(__builtin_return_address(0)) && fails("allocation") ? NULL : real(size);
}
