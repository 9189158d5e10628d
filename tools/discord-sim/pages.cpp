#include "discord-sim/pages.hpp"

#include "discord-sim/gateway_server.hpp"

namespace sim {

namespace {

using namespace std::chrono_literals;

/// A page that stopped reading is cut off; it opens anew and reloads.
constexpr std::size_t queued_max = 16u * 1024 * 1024;
constexpr auto bot_watch_interval = 250ms;
constexpr std::uint16_t policy_violation = 1008;

std::shared_ptr<const std::string> frame(const std::string& type, const json& data) {
  return std::make_shared<const std::string>(
      json{{"t", type}, {"d", data}}.dump(-1, ' ', false, json::error_handler_t::replace));
}

std::string_view host_part(std::string_view host) {
  const auto colon = host.rfind(':');
  const auto bracket = host.rfind(']');
  const bool port =
      colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  return port ? host.substr(0, colon) : host;
}

} // namespace

bool is_local(const http_request& request) {
  const auto host = request.header("Host");
  const auto name = host_part(host);
  if (name != "127.0.0.1" && name != "localhost" && name != "[::1]")
    return false;
  const auto origin = request.header("Origin");
  return origin.empty() || origin == "http://" + std::string{host};
}

void page_sockets::accept(std::shared_ptr<websocket> socket, const http_request& request) {
  const auto as = request.query_value("as");
  const auto user = as ? parse_id(*as) : std::nullopt;
  if (!is_local(request) || !user || core_.world.find_user(*user) == nullptr) {
    socket->close(policy_violation, "unknown user or foreign origin");
    return;
  }
  const auto number = next_++;
  socket->on_close = [this, number](std::uint16_t) { pages_.erase(number); };
  pages_[number] = {std::move(socket), *user};
  if (!watching_)
    watch_bots();
}

void page_sockets::push(const page& to, const std::shared_ptr<const std::string>& text) {
  if (to.socket->queued() > queued_max)
    to.socket->close(policy_violation, "reads too slowly");
  else
    to.socket->send(text, false);
}

void page_sockets::show(const event& happened) {
  if (!happened.to_people || pages_.empty())
    return;
  std::shared_ptr<const std::string> text;
  const auto now = core_.clock.now();
  const auto open = pages_; // closing one inside push() changes the map
  for (const auto& [number, page] : open) {
    if (!visible_to(core_.world, happened, page.user, now))
      continue;
    if (!text)
      text = frame(happened.type, happened.data);
    push(page, text);
  }
}

void page_sockets::tell(snowflake user, const char* type, const json& data) {
  const auto text = frame(type, data);
  const auto open = pages_;
  for (const auto& [number, page] : open)
    if (page.user == user)
      push(page, text);
}

void page_sockets::broadcast(const char* type, const json& data) {
  const auto text = frame(type, data);
  const auto open = pages_;
  for (const auto& [number, page] : open)
    push(page, text);
}

void page_sockets::watch_bots() {
  watching_ = true;
  std::set<snowflake> online;
  for (const auto& session : core_.gateway().sessions())
    if (session.connected)
      online.insert(session.application);
  for (const auto& [id, application] : core_.world.applications)
    if (online.count(id) != online_.count(id))
      broadcast("BOT_STATUS", {{"application_id", id_text(id)}, {"online", online.count(id) != 0}});
  online_ = std::move(online);
  if (pages_.empty()) {
    watching_ = false;
    return;
  }
  core_.after(bot_watch_interval, [this] { watch_bots(); });
}

} // namespace sim
