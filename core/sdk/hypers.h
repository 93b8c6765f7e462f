// SPDX-License-Identifier: MIT
// How a plugin declares its hyperparameters: once, in declare(), as field, name, range and doc. The
// initialiser of the field is the default.
#pragma once

#include <cstddef>
#include <vector>

#include "sdk/abi.h"

namespace descent {

// Passed to Plugin::declare. The same walk lists the fields for the host and, on every call, fills
// them with the run's values.
class Hypers {
 public:
  explicit Hypers(std::vector<descent_hyper>& listed) : listed_(&listed) {}
  explicit Hypers(const double* given) : given_(given) {}

  // low <= value <= high; both are part of the range.
  void operator()(double& field, const char* name, double low, double high, const char* doc) {
    visit(field, {name, doc, DESCENT_REAL, field, low, high, nullptr});
  }
  void operator()(int& field, const char* name, int low, int high, const char* doc) {
    visit(field, {name, doc, DESCENT_INTEGER, double(field), double(low), double(high), nullptr});
  }
  void operator()(bool& field, const char* name, const char* doc) {
    visit(field, {name, doc, DESCENT_BOOLEAN, double(field), 0, 1, nullptr});
  }
  // One of several words, kept as its position among them, an int or an enum. The words are
  // `static constexpr const char* const words[]`.
  template <class Field, std::size_t n>
  void operator()(Field& field, const char* name, const char* const (&words)[n], const char* doc) {
    visit(field, {name, doc, DESCENT_CHOICE, double(field), 0, double(n - 1), words});
  }

 private:
  template <class Field>
  void visit(Field& field, descent_hyper hyper) {
    if (listed_) listed_->push_back(hyper);
    if (given_) field = static_cast<Field>(*given_++);
  }

  std::vector<descent_hyper>* listed_ = nullptr;
  const double* given_ = nullptr;
};

}  // namespace descent
