// SPDX-License-Identifier: MIT
// A function of the inputs: any text is one, with a finite value everywhere it is asked, or an
// Error.
#include "base/error.h"
#include "data/function.h"
#include "fuzz/input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(descent::fuzz::text_of(data, size));
  for (const std::uint64_t inputs : {1, 3}) {
    const arma::mat x(inputs, 4, arma::fill::value(0.75));
    try {
      const descent::data::Function function(text, inputs);
      descent::fuzz::require(function(x).is_finite());
      descent::fuzz::require(function.text() == text);
    } catch (const descent::Error&) {
    }
  }
  return 0;
}
