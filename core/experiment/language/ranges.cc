// SPDX-License-Identifier: MIT
#include "experiment/language/ranges.h"

#include <utility>

namespace descent::experiment {

Schema whole_from(double low) { return whole(low, largest_whole); }

Schema count() { return whole_from(1); }

Schema width() { return whole(1, 10'000'000); }

Schema or_word(Schema schema, const char* word) {
  schema.words.emplace_back(word);
  return schema;
}

Schema above(double low, double high) {
  auto schema = number(low, high);
  schema.low_open = true;
  return schema;
}

Schema between(double low, double high) {
  auto schema = above(low, high);
  schema.high_open = true;
  return schema;
}

Schema share_below_one() {
  auto schema = number(0, 1);
  schema.high_open = true;
  return schema;
}

Schema tuple(Schema first, const char* first_noun, Schema second, const char* second_noun) {
  Schema schema;
  schema.kind = Schema::Kind::tuple;
  schema.items = {std::move(first), std::move(second)};
  schema.items[0].noun = first_noun;
  schema.items[1].noun = second_noun;
  return schema;
}

Schema of_kind(Schema::Kind kind) {
  Schema schema;
  schema.kind = kind;
  return schema;
}

}  // namespace descent::experiment
