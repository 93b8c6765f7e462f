// SPDX-License-Identifier: MIT
// Preloaded: all disks are NFS.
#include <sys/vfs.h>

int statfs(const char* path, struct statfs* disk) {
  (void)path;
  *disk = (struct statfs){0};
  disk->f_type = 0x6969;
  return 0;
}
