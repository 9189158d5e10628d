#include "infra/interactions/signed_request.hpp"
#include <algorithm>
#include <charconv>

namespace hearth {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                            [&](char x, char y) { return lower(x) == lower(y); });
}

/// The value of a header that is there exactly once.
std::optional<std::string_view> only(const inbound_request& request, std::string_view name) {
  auto found = std::optional<std::string_view>{};
  for (const auto& [key, value] : request.headers) {
    if (!same_name(key, name))
      continue;
    if (found)
      return std::nullopt;
    found = value;
  }
  return found;
}

std::optional<int64_t> seconds_of(std::string_view text) {
  constexpr auto digits_max = size_t{12};
  auto seconds = int64_t{0};
  const auto plain =
      !text.empty() && text.size() <= digits_max &&
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!plain)
    return std::nullopt;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return seconds;
}

} // namespace

std::optional<request_proof> proof_of(const inbound_request& request, int64_t now_s,
                                      int64_t skew_s_max) {
  const auto signature = only(request, "X-Signature-Ed25519");
  const auto timestamp = only(request, "X-Signature-Timestamp");
  if (!signature || !timestamp)
    return std::nullopt;
  const auto signed_at = seconds_of(*timestamp);
  if (!signed_at || *signed_at < now_s - skew_s_max || *signed_at > now_s + skew_s_max)
    return std::nullopt;
  return request_proof{*signature, *timestamp};
}

} // namespace hearth
