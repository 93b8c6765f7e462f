// SPDX-License-Identifier: MIT
// The language of experiment files as data: what may stand where. The reader, its messages, the
// overrides and the JSON Schema all follow the same schemas (language.h), so none can disagree.
#pragma once

#include <functional>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace descent::experiment {

struct Key;

// Names of a choice, and what may follow each; plugins are loaded only when their schema is asked
// for.
struct Alternatives {
  std::function<std::vector<std::string>()> names;
  std::function<const struct Schema&(const std::string&)> schema;  // REQUIRES: one of names()
  bool plugins = false;
};

struct Schema {
  enum class Kind { number, whole, flag, text, duration, memory, list, tuple, map, choice };
  // number      finite, low <= value <= high (strictly between where the end is open), or a word
  // whole       as number, without fraction
  // flag        true or false
  // text        any scalar; with words, one of them; is_path: names a file, relative to the one
  //             that writes it, and resolves relative to the experiment's
  // duration    "30s", "2min", ...; resolves as seconds
  // memory      "2GB", "512MiB", ...; resolves as bytes
  // list        items[0] each; bare: one item may stand without brackets
  // tuple       exactly items, each its own schema; rising: the second is above the first
  // map         keys, and with items any other keys, with values items[0]; shorthand_key: a value
  //             that is not a map stands for {shorthand_key: value}
  // choice      NAME or NAME: argument; resolves as {"name": NAME, NAME: argument}, a plugin's as
  //             {"name": NAME, ...argument}. Of an argument with a shorthand key, that key's value
  //             resolves under NAME and the others next to it
  Kind kind = Kind::text;
  std::string noun;  // what messages call it: "optimizer", "layer"; of a map "train"

  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool low_open = false, high_open = false;
  std::vector<std::string> words;
  bool is_path = false;

  std::vector<Schema> items;
  std::size_t least = 0;                               // list: fewest items
  bool bare = false, rising = false, ordered = false;  // ordered: resolves in the order of words

  std::vector<Key> keys;
  std::string shorthand_key;
  std::vector<std::string> also;  // keys that are gone when it is resolved: of the sweep
  std::map<std::string, std::string> refused;  // keys or words that seem valid, and why not

  Alternatives alternatives;

  const Key* find(const std::string& key) const;  // of a map; null when there is none
  std::vector<std::string> key_names() const;
};

// A value that makes a required key needless by being there; with a name, by being that choice.
struct Unless {
  std::string path, name;
  std::string or_path = {};  // another one that does so by being there
};

struct Key {
  std::string name;
  Schema schema;
  bool required = false;
  nlohmann::json fallback;  // resolved; null: none (the key is left out of what is resolved)
  std::string doc;
  std::string example;  // of a required key, in messages: "epochs: 100"
  Unless unless{};      // of a required key; no path: nothing makes it needless
  // A key next to it that takes its place: where that one is given, this one must not be, and has
  // no default.
  std::string replaced_by = {};
};

inline constexpr double largest_whole = 9007199254740992;  // 2^53: exact as a double

Schema number(double low = -std::numeric_limits<double>::infinity(),
              double high = std::numeric_limits<double>::infinity());
Schema whole(double low, double high = std::numeric_limits<double>::infinity());
Schema flag();
Schema text();
Schema path();
Schema word(std::vector<std::string> words);
Schema list(Schema item, std::size_t least = 0);
Schema one_or_list(Schema item, std::size_t least = 1);
Schema interval();  // [a, b] with a < b
Schema map(std::string noun, std::vector<Key> keys, std::string shorthand_key = "");
Schema choice(std::string noun, std::vector<Key> alternatives);  // a key each: name and argument
Schema no_arguments();  // of an alternative that is only a name

Key required(std::string name, Schema schema, std::string doc, std::string example);
Key required_unless(Key required, Unless unless);
Key optional(std::string name, Schema schema, nlohmann::json fallback, std::string doc);
Key alternative(std::string name, Schema argument, std::string doc);

// Whether `none` and an empty value are the same as leaving the key out: of keys without a default,
// where none has no meaning of its own.
bool accepts_none(const Key& key);

// "a whole number >= 1 or full": what a message says was expected.
std::string expected(const Schema& schema);
bool in_range(const Schema& schema, double value);
std::string range(const Schema& schema);  // "[0, 1)", of a number or whole
bool has_no_arguments(const Schema& schema);

}  // namespace descent::experiment
