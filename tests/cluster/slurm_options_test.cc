// SPDX-License-Identifier: MIT
// What is read of the options of sbatch.
#include "cluster/slurm_options.h"

#include <gtest/gtest.h>

namespace descent::cluster {
namespace {

// sbatch(1), option --time: "minutes", "minutes:seconds", "hours:minutes:seconds", "days-hours",
// "days-hours:minutes" and "days-hours:minutes:seconds".
TEST(SlurmOptions, GiveTimesAsSbatchReadsThem) {
  EXPECT_EQ(minutes_of("90"), 90);
  EXPECT_EQ(minutes_of("90:30"), 90.5);
  EXPECT_EQ(minutes_of("1:30:00"), 90);
  EXPECT_EQ(minutes_of("2-12"), 3600);
  EXPECT_EQ(minutes_of("2-12:30"), 3630);
  EXPECT_EQ(minutes_of("2-12:30:30"), 3630.5);
  for (const auto* none : {"", "soon", "1:2:3:4", "1:x"}) EXPECT_LT(minutes_of(none), 0) << none;
}

TEST(SlurmOptions, LimitTheTimeByTheLastOfThem) {
  for (const auto* one :
       {"-t 60", "-t60", "-p long --time=1:00:00 -A x", "--time 60", "-t 5 -t 60"})
    EXPECT_EQ(limit_of(one), 60) << one;
  EXPECT_LT(limit_of("-p long"), 0);
}

TEST(SlurmOptions, WarnOfACollectorNearItsLimit) {
  EXPECT_EQ(near_limit(41, "-t 60"), "");
  EXPECT_EQ(near_limit(1000, "-p long"), "") << "the partition's limit is not known";
  EXPECT_TRUE(near_limit(43, "-t 60").starts_with("warning: collecting took 43 of 60 min. "))
      << near_limit(43, "-t 60");
}

}  // namespace
}  // namespace descent::cluster
