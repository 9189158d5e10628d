#pragma once
// The certificates by which hearthctl and the daemon know each other: an authority (CA) for each
// of the two rights, and what they have signed, made with OpenSSL in the data folder. EC P-256.
#include <cstdint>
#include <string>
#include <vector>

namespace hearth {

/// What the holder of a certificate may do. Each right has an authority and a port of its own.
enum class inspect_right : uint8_t { inspect, steer };
/// Which end of the connection a certificate is for; the other end refuses it otherwise.
enum class wire_end : uint8_t { daemon, client };

const char* to_string(inspect_right right) noexcept;

/// The files that one end needs for one right.
struct certificate_files {
  std::string authority, certificate, key; ///< Paths, PEM.
};
certificate_files certificate_files_of(const std::string& folder, inspect_right right,
                                       wire_end end);

/// For status pages.
struct certificate_facts {
  std::string name; ///< "inspect-ca", "steer-client" ...
  int64_t expires_ms = 0;
  std::string fingerprint; ///< SHA-256, hexadecimal.
};

/// How long things are valid, milliseconds.
struct certificate_times {
  int64_t authority_ms = int64_t{3'650} * 86'400'000;
  int64_t leaf_ms = int64_t{400} * 86'400'000;
  int64_t renew_leaf_ms = int64_t{60} * 86'400'000; ///< Made anew when it has less left.
  int64_t renew_authority_ms = int64_t{460} * 86'400'000;
};

struct certificates_made {
  std::vector<std::string> made; ///< Names of those that are new.
  std::string trouble;           ///< Empty: all are there and good.
};

/// Makes what is missing, broken, badly fitting or about to end in `folder` (0700, files 0600,
/// each written whole or not at all). What is signed by an authority whose key is lost is kept as
/// long as it is good. `now_ms`: Unix milliseconds, the system's clock: TLS counts by it.
certificates_made prepare_certificates(const std::string& folder, int64_t now_ms,
                                       const certificate_times& times = {});
/// Makes all signed certificates anew, with `authorities` those as well.
certificates_made renew_certificates(const std::string& folder, int64_t now_ms, bool authorities,
                                     const certificate_times& times = {});

/// Empty when this end could use its files now: there, ours alone, fitting, valid at `now_ms`.
/// Else what is wrong, with the path. CAF ends the process over a file that it cannot load, so
/// this comes before it.
std::string certificate_trouble(const std::string& folder, inspect_right right, wire_end end,
                                int64_t now_ms);

/// All that are there, in a fixed order; what cannot be read is left out.
std::vector<certificate_facts> list_certificates(const std::string& folder);

} // namespace hearth
