// SPDX-License-Identifier: MIT
#include "store/network_disk.h"

#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>

namespace descent::store {

bool is_on_network_disk(const std::string& path) {
  static constexpr std::array<std::uint32_t, 10> kinds{
      0x6969,      // NFS
      0x0BD00BD0,  // Lustre
      0x47504653,  // GPFS
      0x19830326,  // BeeGFS
      0xFF534D42,  // CIFS
      0xFE534D42,  // SMB 2
      0x517B,      // SMB
      0x00C36400,  // Ceph
      0x65735546,  // FUSE: sshfs, GlusterFS
      0x6B414653,  // AFS
  };
  struct statfs disk {};
  const auto folder = std::filesystem::path(path).parent_path();
  if (::statfs(folder.c_str(), &disk) != 0) return false;
  return std::ranges::count(kinds, std::uint32_t(disk.f_type)) > 0;
}

}  // namespace descent::store
