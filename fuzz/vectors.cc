// SPDX-License-Identifier: MIT
// The reader of reference cases: any bytes are cases that match, cases that do not and say why, or
// an Error.
#include "conformance/vectors.h"

#include "base/error.h"
#include "fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace descent;
  static const host::Plugin plugins[] = {
      host::Plugin(DESCENT_FUZZ_PLUGINS "/losses/mse.so"),
      host::Plugin(DESCENT_FUZZ_PLUGINS "/losses/cross_entropy.so"),
      host::Plugin(DESCENT_FUZZ_PLUGINS "/optimizers/sgd.so"),
      host::Plugin(DESCENT_FUZZ_PLUGINS "/regularizers/l2.so")};
  const fuzz::MemoryFile file(fuzz::text_of(data, size));
  for (const auto& plugin : plugins) try {
      for (const auto& one : conformance::cases_for(plugin, file.path())) {
        const auto found = conformance::compare(plugin, one);
        fuzz::require(found.matches() || !found.text.empty());
      }
    } catch (const Error&) {
    }
  return 0;
}
