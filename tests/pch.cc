// SPDX-License-Identifier: MIT
// Carries the header that all test programs share precompiled.
