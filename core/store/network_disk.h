// SPDX-License-Identifier: MIT
// Whether a file lies on a disk that other machines share: SQLite's write-ahead log, with its index
// in memory that processes of one machine share, does not work for them.
#pragma once

#include <string>

namespace descent::store {

// NFS, SMB, and the parallel file systems of clusters. false where the system does not say.
bool is_on_network_disk(const std::string& path);

}  // namespace descent::store
