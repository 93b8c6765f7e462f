#!/bin/sh
# Runs its arguments: ccache and a command of clang. A precompiled header of clang contains the folder
# that it was made in, so its bytes differ from clone to clone. With CCACHE_PCH_EXTSUM an object depends
# on the sum that stands next to the header, here that of the header's sources.
"$@" || exit
case " $* " in *' -emit-pch '*) ;; *) exit 0 ;; esac
while [ $# -gt 1 ]; do
  case $1 in
    -MF) dependencies=$2 ;;
    -o) header=$2 ;;
  esac
  shift
done
# Of "target: file file \" the files; a path's blanks are escaped in the way that xargs reads.
sed '1s/^[^:]*://; s/\\$//' "$dependencies" | xargs cat | sha256sum >"$header.sum"
