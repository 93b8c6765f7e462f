// SPDX-License-Identifier: MIT
// One map of an experiment's keys laid over another: a block of a union over the rest of its file,
// a file over what it includes.
#pragma once

#include "experiment/document/tree.h"
#include "experiment/schema/schema.h"

namespace descent::experiment {

// Keys of `above` replace or join those of `below`; where the schema is a map, key by key on every
// level. All else, lists too, is replaced as a whole. Keys of `below` keep their order and come
// first.
Tree deep_merge(const Schema& schema, const Tree& below, const Tree& above);

}  // namespace descent::experiment
