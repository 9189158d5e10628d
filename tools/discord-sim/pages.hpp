#pragma once
// Open pages: websockets at /sim/events, each as one user who sees what that user would see.
// Simulator's own extension.
#include "discord-sim/core.hpp"

#include <set>

namespace sim {

class page_sockets {
public:
  explicit page_sockets(core& c) : core_(c) {}

  /// Takes an upgraded connection; `as` in the query says who looks.
  void accept(std::shared_ptr<websocket> socket, const http_request& request);
  /// Shows an event to whom it concerns.
  void show(const event& happened);
  /// A simulator's own event for one user, or for everybody.
  void tell(snowflake user, const char* type, const json& data);
  void broadcast(const char* type, const json& data);
  /// Registered commands are others now: tells everybody.
  void commands_changed() { broadcast("COMMANDS_UPDATE", json::object()); }

private:
  struct page {
    std::shared_ptr<websocket> socket;
    snowflake user = 0;
  };

  void watch_bots();
  static void push(const page& to, const std::shared_ptr<const std::string>& text);

  core& core_;
  std::map<int, page> pages_;
  std::set<snowflake> online_; ///< applications with a connected session
  bool watching_ = false;
  int next_ = 1;
};

/// True when the request comes from this machine's own page or a tool: its Host is loopback
/// (against DNS rebinding) and its Origin, if any, is that same host.
bool is_local(const http_request& request);

} // namespace sim
