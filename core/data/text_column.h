// SPDX-License-Identifier: MIT
// A column of a file as text with the place of every field, in little memory: its fields lie one
// after the other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "data/field.h"

namespace descent::data {

class TextColumn {
 public:
  void push_back(std::string_view text, int line, int column) {
    text_.append(text);
    places_.push_back({text_.size(), std::uint32_t(line), std::uint32_t(column)});
  }
  void pop_back() {
    places_.pop_back();
    text_.resize(places_.empty() ? 0 : places_.back().end);
  }

  // As many times as long as now.
  void reserve(double times) {
    text_.reserve(std::size_t(times * double(text_.size())));
    places_.reserve(std::size_t(times * double(places_.size())));
  }

  std::size_t size() const { return places_.size(); }
  bool empty() const { return places_.empty(); }
  std::string_view text(std::size_t i) const {
    const auto begin = i == 0 ? 0 : places_[i - 1].end;
    return std::string_view(text_).substr(begin, places_[i].end - begin);
  }
  Field operator[](std::size_t i) const {
    return {std::string(text(i)), int(places_[i].line), int(places_[i].column)};
  }
  template <class Holds>
  bool any(const Holds& holds) const {  // of a text
    for (std::size_t i = 0; i < size(); ++i)
      if (holds(text(i))) return true;
    return false;
  }
  template <class Holds>
  bool all(const Holds& holds) const {
    return !any([&](std::string_view one) { return !holds(one); });
  }

 private:
  struct End {
    std::size_t end;
    std::uint32_t line, column;
  };
  std::string text_;
  std::vector<End> places_;
};

}  // namespace descent::data
