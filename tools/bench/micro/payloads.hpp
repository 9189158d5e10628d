#pragma once
// The events of goals.md as Discord writes them, and streams of them as each transport packs them.
#include "infra/gateway/padded_text.hpp"
#include <string>
#include <vector>

namespace bench {

/// Owns a text with readable bytes behind it.
class payload {
public:
  payload(const char* type, std::string d);
  hearth::padded_text text() const noexcept { return {bytes_.data(), size_}; }
  std::string_view view() const noexcept { return {bytes_.data(), size_}; }

private:
  std::string bytes_;
  size_t size_;
};

constexpr const char* guild = "1170000000000000001";
constexpr uint64_t self = 1180000000000000001;

payload message(int i);
payload presence(int i);
payload typing(int i);
payload reaction(int i);
payload voice(int i);
payload interaction(int i);
/// 50 channels, 20 roles, 200 members.
payload guild_create();

/// 100 events in the mix of goals.md; what each member does differs from what they did before.
std::vector<payload> mix();

/// The payloads as one connection's messages, compressed with one context.
std::vector<std::string> zlib_stream(const std::vector<payload>& events);
std::vector<std::string> zstd_stream(const std::vector<payload>& events);

} // namespace bench
