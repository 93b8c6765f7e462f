// SPDX-License-Identifier: MIT
// `where: "optimizer.lr * train.epochs <= 10"`: conditions that the points of a grid must meet.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "data/expression.h"
#include "experiment/document/tree.h"

namespace descent::experiment {

// What a condition asks of a path: its number, nan where there is none; whether its text is a word;
// whether the point has it at all.
struct Operand {
  enum class Kind { number, word, has };
  Kind kind = Kind::number;
  std::string path, word;

  double of(const nlohmann::json* value) const;  // null: the point does not have the path
};

class Condition {
 public:
  // Throws Error without a place when the text does not parse.
  explicit Condition(const std::string& text);

  const std::vector<Operand>& operands() const { return operands_; }
  // answers: one for each of asked(), from `first` on.
  bool holds(const std::vector<double>& answers, std::size_t first);

 private:
  std::vector<Operand> operands_;
  std::optional<data::Expression> expression_;
};

// All must hold.
class Where {
 public:
  Where() = default;
  // A condition or a list of them. Problems have the place of theirs.
  Where(const Node& where, std::vector<Problem>& problems);

  bool empty() const { return conditions_.empty(); }
  const std::vector<Operand>& operands() const { return operands_; }
  bool holds(const std::vector<double>& answers);  // one for each of asked()
  const Place& place() const { return place_; }    // of all
  const Place& place(std::size_t operand) const;   // of the condition that asks

 private:
  std::vector<Condition> conditions_;
  std::vector<Place> places_;
  Place place_;
  std::vector<Operand> operands_;
};

}  // namespace descent::experiment
