#!/usr/bin/env bash
# Run by scripts/package.sh --prove in a bare Debian, as root: installs a package, uses it as a plain
# user, then installs what plugin authors need and builds a plugin as its README says.
#   package_proof.sh FILE.deb | FILE.tar.gz
set -euo pipefail
package=$1
name=mine

step() { printf '\n-- %s\n' "$1"; }
fail() { echo "package_proof.sh: $1" >&2; exit 1; }

# A line that the plain user types.
as_user() {
  echo "\$ $1"
  runuser -l user -c "set -euo pipefail; PATH=$bin:\$PATH; cd $folder; $1"
}

install_packages() {
  echo "# apt-get install $*"
  apt-get install -y "$@" >/tmp/apt.log 2>&1 || { tail -n 20 /tmp/apt.log >&2; fail "apt-get install failed"; }
  grep -E '^(Need to get|After this operation)' /tmp/apt.log || true
}

# The packages of the first line `apt-get install ...` in a text.
install_named() {
  local line packages
  line=$(sed -n 's/^ *apt-get install //p' "$1" | head -n 1)
  [ -n "$line" ] || fail "$1 names no packages"
  read -ra packages <<<"$line"
  install_packages "${packages[@]}"
}

# The commands of the last fenced block of a README.
last_block() {
  awk '/^```/ { inside = !inside; if (inside) text = ""; next }
    inside { text = text $0 "\n" }
    END { printf "%s", text }' "$1"
}

apt-get update -qq
useradd --create-home --shell /bin/bash user
folder=/home/user
bin=/usr/bin
share=/usr/share

step "install"
case $package in
*.deb) install_packages "./$package" ;;
*.tar.gz)
  as_user "tar -xzf /mnt/$package && mv ${package%.tar.gz} elsewhere"
  bin=/home/user/elsewhere/bin
  share=/home/user/elsewhere/share
  install_named /home/user/elsewhere/README
  ;;
*) fail "$package is no .deb and no .tar.gz" ;;
esac
experiment=$share/descent/experiments/linear_regression.yaml

step "use"
as_user "command -v descent && descent --version"
as_user "descent plugins list | cut -d ' ' -f 1 | uniq -c"
as_user "descent run $experiment --db results.db"
as_user "descent sql results.db 'SELECT status, count(*) AS runs, avg(test_loss) AS test_loss FROM runs GROUP BY status'"
as_user "descent plugins check adam"

step "write a plugin"
as_user "descent plugins new optimizer $name" | tee /tmp/new
install_named /tmp/new
folder=/home/user/$name
last_block $folder/README.md >/tmp/commands
[ -s /tmp/commands ] || fail "$folder/README.md has no commands"
while read -r line; do
  as_user "${line/EXPERIMENT.yaml/$experiment}" </dev/null
done </tmp/commands
as_user "mkdir by_hand && c++ -shared -fPIC \$(descent plugins flags) $name.cc -o by_hand/$name.so"
as_user "descent plugins check by_hand/$name.so | tail -n 1"
if [ $bin = /usr/bin ]; then  # where CMake looks without a hint, too
  as_user "sed -i 's/ HINTS .*)/)/' CMakeLists.txt && cmake -S . -B found >/dev/null && grep descent_DIR found/CMakeCache.txt"
fi
