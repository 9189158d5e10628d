#pragma once
// Catch2 of either generation: version 2 on Debian 12, version 3 on Debian 13.
#if __has_include(<catch2/catch.hpp>)
#include <catch2/catch.hpp>
#else
#include <catch2/catch_all.hpp>
using Catch::Approx;
#endif
