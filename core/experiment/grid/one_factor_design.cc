// SPDX-License-Identifier: MIT
#include "experiment/grid/one_factor_design.h"

#include <algorithm>
#include <map>

namespace descent::experiment {
namespace {

using Values = std::map<std::size_t, std::uint64_t>;  // of groups, where it is not the first

// A part's coordinates with one axis away from its first value, and the values of groups this asks
// for.
struct Move {
  Coordinates coordinates;
  Values values;
};

std::uint64_t resting(const Subgrid& part, const Values& values) {
  const auto found = part.group ? values.find(*part.group) : values.end();
  return found == values.end() ? 0 : found->second;
}

void rest(const Subgrid& part, const Values& values, Coordinates& coordinates) {
  if (part.kind == Subgrid::Kind::product)
    for (const auto& child : part.parts) rest(child, values, coordinates);
  if (part.kind != Subgrid::Kind::axis && part.kind != Subgrid::Kind::sum) return;
  const auto coordinate = resting(part, values);
  coordinates.push_back(coordinate);
  if (part.kind == Subgrid::Kind::sum) rest(part.parts[coordinate], values, coordinates);
}

Values with_own(const Subgrid& part, std::uint64_t value, Values values) {
  if (part.group) values[*part.group] = value;
  return values;
}

std::vector<Move> moves(const Subgrid& part);

std::vector<Move> moves_of_axis(const Subgrid& axis) {
  std::vector<Move> all;
  const auto seen = axis.listed ? axis.length : std::min(axis.length, most_steps);
  for (std::uint64_t i = 1; i < seen; ++i) {
    const auto value = i * (axis.length - 1) / (seen - 1);
    all.push_back({{value}, with_own(axis, value, {})});
  }
  return all;
}

std::vector<Move> moves_of_sum(const Subgrid& sum) {
  std::vector<Move> all;
  for (std::uint64_t choice = 0; choice < sum.parts.size(); ++choice) {
    const auto values = with_own(sum, choice, {});
    if (choice > 0) {
      all.push_back({{choice}, values});
      rest(sum.parts[choice], values, all.back().coordinates);
    }
    for (auto& move : moves(sum.parts[choice])) {
      move.coordinates.insert(move.coordinates.begin(), choice);
      all.push_back({std::move(move.coordinates), with_own(sum, choice, std::move(move.values))});
    }
  }
  return all;
}

std::vector<Move> moves_of_product(const Subgrid& product) {
  std::vector<Move> all;
  for (std::size_t i = 0; i < product.parts.size(); ++i)
    for (const auto& move : moves(product.parts[i])) {
      Move whole{{}, move.values};
      for (std::size_t j = 0; j < product.parts.size(); ++j)
        if (j == i)
          whole.coordinates.insert(whole.coordinates.end(), move.coordinates.begin(),
                                   move.coordinates.end());
        else
          rest(product.parts[j], move.values, whole.coordinates);
      all.push_back(std::move(whole));
    }
  return all;
}

std::vector<Move> moves(const Subgrid& part) {
  switch (part.kind) {
    case Subgrid::Kind::axis:
      return moves_of_axis(part);
    case Subgrid::Kind::sum:
      return moves_of_sum(part);
    case Subgrid::Kind::product:
      return moves_of_product(part);
    default:
      return {};
  }
}

}  // namespace

std::vector<Coordinates> one_factor_coordinates(const Subgrid& root) {
  std::vector<Coordinates> all(1);
  rest(root, {}, all.front());
  for (auto& move : moves(root)) all.push_back(std::move(move.coordinates));
  return all;
}

}  // namespace descent::experiment
