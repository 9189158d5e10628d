#include "infra/gateway/websocket_url.hpp"
#include <algorithm>
#include <charconv>

namespace hearth {
namespace {

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (text.substr(0, prefix.size()) != prefix)
    return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool is_port(std::string_view text) {
  auto port = uint16_t{0};
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, port);
  return error == std::errc{} && stop == end && port != 0;
}

} // namespace

bool is_loopback_host(std::string_view host) noexcept {
  if (host == "localhost" || host == "::1")
    return true;
  if (host.substr(0, 4) != "127.")
    return false;
  return std::all_of(host.begin(), host.end(),
                     [](char ch) { return ch == '.' || (ch >= '0' && ch <= '9'); });
}

bool is_loopback_url(std::string_view url) noexcept {
  const auto start = url.find("://");
  if (start == std::string_view::npos)
    return false;
  auto host = url.substr(start + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  if (host.find('@') != std::string_view::npos)
    return false;
  if (host.substr(0, 1) == "[")
    return is_loopback_host(host.substr(1, host.find(']') - 1));
  return is_loopback_host(host.substr(0, host.find(':')));
}

std::optional<websocket_address> parse_websocket_url(std::string_view url) {
  const auto printable =
      std::all_of(url.begin(), url.end(), [](char ch) { return ch > ' ' && ch < 0x7f; });
  auto rest = url;
  auto address = websocket_address{};
  if (!printable || url.size() > 2048)
    return std::nullopt;
  if (take_prefix(rest, "ws://"))
    address.tls = false;
  else if (!take_prefix(rest, "wss://"))
    return std::nullopt;
  const auto authority = rest.substr(0, rest.find_first_of("/?#"));
  rest.remove_prefix(authority.size());
  if (authority.find('@') != std::string_view::npos)
    return std::nullopt;
  auto port = std::string_view{};
  if (authority.substr(0, 1) == "[") {
    const auto end = authority.find(']');
    if (end == std::string_view::npos)
      return std::nullopt;
    address.host = authority.substr(1, end - 1);
    port = authority.substr(end + 1);
  } else {
    address.host = authority.substr(0, authority.find(':'));
    port = authority.substr(address.host.size());
  }
  if (address.host.empty() || (!port.empty() && (port[0] != ':' || !is_port(port.substr(1)))))
    return std::nullopt;
  if (!address.tls && !is_loopback_host(address.host))
    return std::nullopt;
  address.port = port.empty() ? (address.tls ? "443" : "80") : std::string{port.substr(1)};
  rest = rest.substr(0, rest.find('#'));
  address.target = rest.empty() || rest[0] != '/' ? "/" + std::string{rest} : std::string{rest};
  return address;
}

std::string gateway_url(std::string_view base, compression mode, bool sim_time) {
  auto url = std::string{base.substr(0, base.find_first_of("?#"))};
  const auto authority = url.find("://");
  if (authority != std::string::npos && url.find('/', authority + 3) == std::string::npos)
    url += '/';
  url += "?v=10&encoding=json";
  if (mode != compression::none)
    url.append("&compress=").append(to_query(mode));
  if (sim_time)
    url += "&sim_time=1";
  return url;
}

} // namespace hearth
