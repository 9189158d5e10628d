// The one translation unit that holds Catch2's main() (version 2; version 3 links its own).
#if __has_include(<catch2/catch.hpp>)
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#endif
