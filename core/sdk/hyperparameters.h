// SPDX-License-Identifier: MIT
// How a plugin declares its hyperparameters: once, in declare(), as field, name, range and doc. The
// initialiser of the field is the default.
#pragma once

#include <array>
#include <cstddef>
#include <deque>
#include <string>
#include <vector>

#include "sdk/abi.h"

namespace descent {

// The bound of a range without 1, such as that of a decay rate by which 1 - rate^t is divided.
inline constexpr double below_one = 0.9999999;

// What a plugin declares; the table of the plugin refers to it.
struct DeclaredHyperparameters {
  std::vector<descent_hyper> table;
  std::deque<std::string> names = {};  // of elements of lists
};

// Passed to Plugin::declare. The same walk lists the fields for the host and, on every call, fills
// them with the run's values.
class Hyperparameters {
 public:
  explicit Hyperparameters(DeclaredHyperparameters& listed) : listed_(&listed) {}
  explicit Hyperparameters(const double* given) : given_(given) {}

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
  // A list of n numbers, each within the range: `betas: [0.9, 0.999]` in a file.
  template <std::size_t n>
  void operator()(std::array<double, n>& field, const char* name, double low, double high,
                  const char* doc) {
    for (std::size_t i = 0; i < n; ++i)
      (*this)(field[i], listed_ ? element(name, i) : name, low, high, doc);
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
    if (listed_) listed_->table.push_back(hyper);
    if (given_) field = static_cast<Field>(*given_++);
  }

  const char* element(const char* list, std::size_t i) {
    listed_->names.push_back(std::string(list) + "." + std::to_string(i));
    return listed_->names.back().c_str();
  }

  DeclaredHyperparameters* listed_ = nullptr;
  const double* given_ = nullptr;
};

using Hypers = Hyperparameters;  // plugins may use the short name

}  // namespace descent
