// SPDX-License-Identifier: MIT
// Types and ranges of values that several keys share.
#pragma once

#include "experiment/schema/schema.h"

namespace descent::experiment {

Schema whole_from(double low);
Schema count();  // at least 1
Schema width();  // of outputs and features, each a vector of weights
Schema or_word(Schema schema, const char* word);
Schema above(double low, double high = number().high);  // without low itself
Schema between(double low, double high);                // without either end
Schema share_below_one();                               // 0 <= share < 1
Schema tuple(Schema first, const char* first_noun, Schema second, const char* second_noun);
Schema of_kind(Schema::Kind kind);

}  // namespace descent::experiment
