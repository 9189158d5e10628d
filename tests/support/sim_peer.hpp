#pragma once
// A small blocking HTTP and websocket client, so that tests talk to discord-sim as a stranger
// would: real sockets, no knowledge of its insides.
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace sim_test {

using nlohmann::json;

/// One answer.
struct reply {
  int status = 0;
  json body;                                  ///< parsed, null when it is no JSON
  std::string text;                           ///< as it came
  std::map<std::string, std::string> headers; ///< names in lower case
};

/// The connection broke before an answer came.
struct connection_lost : std::runtime_error {
  using std::runtime_error::runtime_error;
};

using headers = std::vector<std::pair<std::string, std::string>>;

/// One request on a connection of its own. Throws connection_lost.
reply request(std::uint16_t port, const std::string& method, const std::string& target,
              const std::string& body, const headers& extra);

/// A text websocket. Throws connection_lost when it cannot be opened.
class web_socket {
public:
  web_socket(std::uint16_t port, const std::string& target, const headers& extra = {});
  ~web_socket();
  web_socket(web_socket&&) noexcept;

  void send(const json& message);
  /// The next text frame as JSON; nothing when none comes in time or the peer closed.
  std::optional<json> next(std::chrono::milliseconds limit = std::chrono::seconds{5});
  /// Close code of the peer, 0 when it did not close with one.
  std::uint16_t close_code() const;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

/// A bot: REST calls with its token.
class bot {
public:
  explicit bot(std::uint16_t port, std::string token = "sandbox")
      : port_(port), token_(std::move(token)) {}

  /// `path` below /api/v10. A null body sends none.
  reply call(const std::string& method, const std::string& path, const json& body = nullptr) const;
  /// The same as multipart: payload_json and files[n] = {name, content type, data}.
  struct file {
    int n = 0;
    std::string name;
    std::string type;
    std::string data;
  };
  reply upload(const std::string& method, const std::string& path, const json& payload,
               const std::vector<file>& files) const;

private:
  std::uint16_t port_;
  std::string token_;
};

/// A bot's gateway session: says hello, identifies, and waits for READY.
class gateway {
public:
  gateway(std::uint16_t port, std::uint64_t intents, const std::string& token = "sandbox");

  const json& ready() const { return ready_; }
  /// d of the next event of this type, others are passed over. Fails the test when none comes.
  json wait(const std::string& type, std::chrono::milliseconds limit = std::chrono::seconds{5});
  web_socket& socket() { return socket_; }

private:
  web_socket socket_;
  json ready_;
};

/// The control interface.
class people {
public:
  explicit people(std::uint16_t port) : port_(port) {}

  reply get(const std::string& path) const;
  reply post(const std::string& path, const json& body) const;
  reply erase(const std::string& path) const;
  /// POST /sim/act as a user.
  reply act(const std::string& user, const std::string& type, json fields = json::object()) const;

private:
  std::uint16_t port_;
};

/// All intents but none privileged are enough for most tests; these are all (discord-api 1.6).
inline constexpr std::uint64_t all_intents = 53608447;

} // namespace sim_test
