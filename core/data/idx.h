// SPDX-License-Identifier: MIT
// IDX files, the format of MNIST (http://yann.lecun.com/exdb/mnist): a block of numbers of any
// dimensions, big-endian, the first of which counts samples.
#pragma once

#include <string>

#include "data/table.h"

namespace descent::data {

// Whether the file begins as an IDX file does, unpacked by gzip where it is packed.
bool is_idx(const std::string& path);

// Inputs x1 .. xd of each sample in the order of the file, with the targets `label` of the file
// labels. Throws Error for a file that is shorter or longer than its dimensions say, a type that
// IDX does not have, and as many samples as not labels.
Table read_idx(const std::string& path, const std::string& labels, Reading reading);

}  // namespace descent::data
