#include "infra/dave/codes.hpp"
#include "infra/dave/codec.hpp"
#include <algorithm>
#include <array>
#include <fmt/core.h>

namespace hearth::dave {
namespace {

constexpr size_t group_digits = 5;
constexpr uint64_t group_modulus = 100'000;
constexpr uint16_t fingerprint_version = 0;
constexpr uint8_t fingerprint_salt[] = {0x24, 0xca, 0xb1, 0x7a, 0x7a, 0xf8, 0xec, 0x2b,
                                        0x82, 0xb4, 0x12, 0xb9, 0x2d, 0xab, 0x19, 0x2e};
constexpr uint32_t fingerprint_parallel = 2;
constexpr size_t fingerprint_size = 64;

bytes party_bytes(const fingerprint_party& party) {
  return writer{}.u16(fingerprint_version).raw(party.signature_key).u64(party.user.value).take();
}

} // namespace

std::string displayable_code(byte_view data, size_t digits) {
  if (data.size() < digits || digits % group_digits != 0)
    return {};
  auto code = std::string{};
  for (auto at = size_t{0}; at < digits; at += group_digits) {
    auto value = uint64_t{0};
    for (const auto byte : data.subspan(at, group_digits))
      value = value << 8 | byte;
    code += fmt::format("{:05}", value % group_modulus);
  }
  return code;
}

std::string voice_privacy_code(byte_view epoch_authenticator) {
  return displayable_code(epoch_authenticator, privacy_code_digits);
}

bytes pairwise_fingerprint(const crypto_suite& crypto, const fingerprint_party& one,
                           const fingerprint_party& other) {
  auto parties = std::array{party_bytes(one), party_bytes(other)};
  std::sort(parties.begin(), parties.end());
  return crypto.scrypt(join({parties[0], parties[1]}), fingerprint_salt, fingerprint_parallel,
                       fingerprint_size);
}

} // namespace hearth::dave
