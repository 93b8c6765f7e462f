// SPDX-License-Identifier: MIT
#include "engine/blas_memory.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include <armadillo>
#include <stdexcept>
#include <string>

#include "base/error.h"

namespace descent::engine {
namespace {

constexpr std::size_t megabyte = std::size_t(1) << 20;
constexpr std::size_t blas_megabytes = 128;  // OpenBLAS's BUFFER_SIZE on x86-64; less elsewhere
constexpr std::size_t besides_megabytes = 8;
// OpenBLAS multiplies smaller matrices without its memory, below a million products of elements
// where the processor has AVX-512.
constexpr arma::uword side = 128;

bool is_available(std::size_t bytes) {
  void* const memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return memory != MAP_FAILED && ::munmap(memory, bytes) == 0;
}

// "; ulimit -v is 150000 kB"; "" when there is no limit.
std::string limit_of(const char* name, __rlimit_resource number) {
  rlimit limit{};
  if (::getrlimit(number, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return "";
  return fmt::format("; {} is {} kB", name, limit.rlim_cur / 1024);
}

}  // namespace

void reserve_blas_memory() {
  if (!is_available((blas_megabytes + besides_megabytes) * megabyte))
    throw Error(fmt::format(
        "there is too little address space: matrix products need {} MB, and training "
        "some more{}{}; "
        "raise the limit, as by `ulimit -v unlimited; ulimit -d unlimited`",
        blas_megabytes, limit_of("ulimit -v", RLIMIT_AS), limit_of("ulimit -d", RLIMIT_DATA)));
  const arma::mat a(side, side, arma::fill::ones);
  const arma::mat product = a * a;
  if (product(0, 0) != side) throw std::runtime_error("the BLAS cannot multiply matrices of ones");
}

}  // namespace descent::engine
