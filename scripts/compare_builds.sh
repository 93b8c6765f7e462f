#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Runs every shipped experiment, shortened, with two builds and compares what the stores hold, row by
# row: the proof that a change of the program changes no result.
#   scripts/compare_builds.sh BEFORE AFTER     folders with `descent` and `plugins/`
# Compares all columns that both stores have, apart from hashes, labels, durations and dates, which
# differ between builds. Exit code 1 if rows differ.
set -euo pipefail
[ $# = 2 ] || { sed -n '3,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
before=$(realpath "$1") after=$(realpath "$2")
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

declare -A shortened=(
  [overfitting_remedies]="train.epochs=2 record.every=1 replicates.count=14"
  [underfitting_remedies]="train.batch=full record.every=50 replicates.count=3"
  [tuned_optimizers]="train.epochs=2 record.every=1 stages.tune=2 stages.rerun=2"
  [who_makes_the_variance]="train.epochs=2 record.every=1 replicates.count=9 replicates.seeds=3"
)
usual="train.epochs=2 record.every=1 replicates.count=3"

run() {  # build, file, store
  local sets=()
  for set in ${shortened[$(basename "$2" .yaml)]:-$usual}; do sets+=(--set "$set"); done
  "$1/descent" run "$2" --plugins "$1/plugins" --db "$3" --quiet "${sets[@]}" >/dev/null
}

ask() { sqlite3 -readonly "$folder/before.db" "ATTACH '$folder/after.db' AS after" "$1"; }

common_tables="SELECT name FROM main.sqlite_schema WHERE (type = 'table' OR name = 'parameters')
  AND name NOT LIKE 'sqlite%' AND name NOT IN ('provenance', 'plugins', 'point_plugins', 'inputs')
  INTERSECT SELECT name FROM after.sqlite_schema"
common_columns() {
  ask "SELECT group_concat('\"' || name || '\"') FROM (
    SELECT name FROM pragma_table_info('$1', 'main') WHERE name NOT LIKE '%hash'
      AND name NOT LIKE '%\_seconds' ESCAPE '\\' AND name NOT LIKE '%\_at' ESCAPE '\\'
    INTERSECT SELECT name FROM pragma_table_info('$1', 'after'))"
}

differing=0 rows=0
for file in experiments/*.yaml; do
  rm -f "$folder"/*.db*
  run "$before" "$file" "$folder/before.db"
  run "$after" "$file" "$folder/after.db"
  for table in $(ask "$common_tables"); do
    columns=$(common_columns "$table")
    count=$(ask "SELECT count(*) FROM main.\"$table\"")
    difference=$(ask "SELECT (SELECT count(*) FROM (SELECT $columns FROM main.\"$table\" EXCEPT
      SELECT $columns FROM after.\"$table\")) + (SELECT count(*) FROM (SELECT $columns FROM
      after.\"$table\" EXCEPT SELECT $columns FROM main.\"$table\")) + abs($count - (SELECT count(*)
      FROM after.\"$table\"))")
    rows=$((rows + count))
    [ "$difference" = 0 ] || echo "$file: $difference rows of $table differ"
    differing=$((differing + difference))
  done
done
echo "$rows rows compared, $differing differ"
[ "$differing" = 0 ]
