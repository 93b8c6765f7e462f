// SPDX-License-Identifier: MIT
// How settings are declared: once, in describe(Fields&, SETTINGS&), as field, key, range and doc;
// the field's initialiser is the default. The same walk lists the keys of the language and, for
// every point, reads them into the fields.
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "experiment/schema/schema.h"

namespace descent::experiment {

template <class T>
using Words = std::vector<std::pair<const char*, T>>;  // what a file writes for each value

// Makes a key one that a file has to have, but for what makes it needless.
void needed(Key& key, const char* example, Unless unless = {});

// A map that may be left out as a whole: all its defaults then hold.
void section(Key& key);

// All that declare a key return it, so that more can be said of it.
class Fields {
 public:
  using Describe = std::function<void(Fields&)>;

  explicit Fields(std::vector<Key>& listed) : listed_(&listed) {}
  // Paths of files are joined to folder. Both must outlive the fields.
  Fields(const nlohmann::json& given, const std::filesystem::path& folder)
      : given_(&given), folder_(&folder) {}

  // A single value or a list of them.
  template <class T>
  Key& operator()(T& field, const std::string& key, Schema schema, const std::string& doc) {
    const bool is_path = schema.is_path;
    auto& listed = list(key, std::move(schema), doc);
    if constexpr (requires(nlohmann::json json) { json = field; })
      if (listed_) listed.fallback = field;
    if (const auto* value = find(key)) read(*value, field, is_path);
    return listed;
  }
  template <class T>
  Key& words(T& field, const char* key, const Words<std::type_identity_t<T>>& words,
             const char* doc) {
    auto& listed = list(key, word({}), doc);
    const auto* given = find(key);
    for (const auto& [name, value] : words) {
      if (listed_ && value == field) listed.fallback = name;
      if (given && *given == name) field = value;
      listed.schema.words.push_back(name);
    }
    return listed;
  }
  // The same without a default.
  template <class T>
  void optional(T& field, const std::string& key, const Schema& schema, const std::string& doc) {
    (*this)(field, key, schema, doc).fallback = nullptr;
  }
  template <class T>
  void required(T& field, const std::string& key, const Schema& schema, const std::string& doc,
                const char* example) {
    needed((*this)(field, key, schema, doc), example);
  }

  // What follows has no default unless it is given one. A map of keys: path ends in its key and is
  // what messages call it; a value that is no map stands for the key `shorthand`.
  Key& map(const std::string& path, const char* shorthand, const char* doc,
           const Describe& describe);
  Key& choice(const char* key, const char* noun, const std::string& doc, const Describe& kinds);
  Key& choices(const char* key, const char* noun, const char* doc, const Describe& kinds);  // list
  Key& maps(const char* key, const char* doc, const Describe& describe);           // a list of maps
  const nlohmann::json* given(const std::string& key) const { return find(key); }  // null: not
  void other(Key key, const std::function<void(const nlohmann::json&)>& read);

  // A kind of a choice: by this name the field is as `chosen`; what may follow are the keys of
  // `argument`, of which `shorthand` may stand alone, or one value, or a pair.
  template <class T>
  void kind(T& field, const char* name, std::type_identity_t<T> chosen, const char* doc,
            const Describe& argument = {}, const char* shorthand = "") {
    if (given_ && given_->at("name") != name) return;
    field = std::move(chosen);
    follow(name, doc, argument, shorthand);
  }
  void value(double& field, Schema schema);
  void pair(double& a, double& b, Schema schema);

 private:
  Key& list(const std::string& key, Schema schema, const std::string& doc);
  const nlohmann::json* find(const std::string& key) const;  // null: not given
  std::vector<Key> inside(const std::string& key, const Describe& describe);
  void follow(const char* name, const char* doc, const Describe& argument, const char* shorthand);

  template <class T>
  void read(const nlohmann::json& value, T& field, bool) {
    if (!value.is_string()) value.get_to(field);  // else a word for the initial value
  }
  template <class T>
  void read(const nlohmann::json& value, std::vector<T>& field, bool) {
    field = value.is_array() ? value.get<std::vector<T>>() : std::vector<T>{value.get<T>()};
  }
  template <class T>
  void read(const nlohmann::json& value, std::optional<T>& field, bool) {
    read(value, field.emplace(), false);
  }
  void read(const nlohmann::json& value, std::string& field, bool is_path);

  std::vector<Key>* listed_ = nullptr;
  const nlohmann::json* given_ = nullptr;
  const std::filesystem::path* folder_ = nullptr;
  Key not_listed_;  // while reading
};

}  // namespace descent::experiment
