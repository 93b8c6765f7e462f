// SPDX-License-Identifier: MIT
// Errors that a user can fix: each says where it is, what was found, what is valid, and what to do.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

// A place in a file, counted from 1; line 0: the file as a whole; empty file: no place.
struct Place {
  std::string file;
  int line = 0;
  int column = 0;

  std::string text() const;  // "file.yaml:12:9", "file.yaml" or ""
  bool operator==(const Place&) const = default;
};

// What is wrong with a key of an experiment is often found where its file is not known: the key is
// reported then, and whoever read the file adds the place.
struct Problem {
  Place place{};
  std::string text{};
  std::string key{};  // as data.csv.target

  static Problem about(std::string key, std::string text) {
    return {{}, std::move(text), std::move(key)};
  }
  // "key: text"
  static Problem at(const std::string& key, const std::string& text) {
    return about(key, key + ": " + text);
  }

  std::string line() const;     // "file.yaml:12:9: error: text"
  std::string warning() const;  // the same, as a warning
  bool operator==(const Problem&) const = default;
};

// A usage, experiment, data or plugin error: exit code 2. what() lists every problem, one per line.
class Error : public std::runtime_error {
 public:
  explicit Error(std::string text) : Error(Place{}, std::move(text)) {}
  Error(Place place, std::string text)
      : Error(std::vector<Problem>{{std::move(place), std::move(text), ""}}) {}
  explicit Error(std::vector<Problem> problems);

  static Error about(std::string key, std::string text) {
    return Error(std::vector{Problem::about(std::move(key), std::move(text))});
  }
  static Error at(const std::string& key, const std::string& text) {
    return Error(std::vector{Problem::at(key, text)});
  }

  const std::vector<Problem>& problems() const { return problems_; }

 private:
  std::vector<Problem> problems_;
};

// The store could not be opened, read or written: exit code 3.
class StoreError : public Error {
 public:
  using Error::Error;
};

}  // namespace descent
