# Sourced by the other scripts: the Debian packages that building, testing and looking need. make is for
# the plugins of users, which CMake builds with it.
build_packages=(g++ cmake ninja-build make git libarmadillo-dev libopenblas-serial-dev libboost-dev
  libboost-program-options-dev libsleef-dev libyaml-cpp-dev libsqlite3-dev libsqlitecpp-dev libfmt-dev
  nlohmann-json3-dev libmuparser-dev libxxhash-dev duktape-dev zlib1g-dev)
test_packages=(libgtest-dev libgmock-dev libbenchmark-dev sqlite3 binutils clang libclang-rt-dev ccache mold clang-format
  clang-tidy texlive-latex-recommended librsvg2-bin fonts-liberation
  chromium python3)
cluster_packages=(slurmctld slurmd slurm-client munge)
package_packages=(dpkg-dev help2man)

# Installs what is missing of the packages named; without root or sudo says what to install.
ensure_packages() {
  local missing=() package
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null && ! [ -t 0 ]; then
      echo "These packages are missing and installing them needs root:" >&2
      echo "  apt-get update && apt-get install --no-install-recommends ${missing[*]}" >&2
      return 1
    fi
    as_root=(sudo)
  fi
  echo "Installing: ${missing[*]}"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}
