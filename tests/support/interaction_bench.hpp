#pragma once
// A bot with a session and commands, for the tests of interactions.
#include "tests/support/sim_world.hpp"

namespace sim_test {

struct interaction_bench {
  explicit interaction_bench(std::uint64_t intents = all_intents)
      : session(world.server.port(), intents) {}

  sim_world world;
  gateway session;
  const std::string application = "1180000000000000001";

  static json button(const std::string& id) {
    return {{"type", 2}, {"style", 1}, {"label", "x"}, {"custom_id", id}};
  }
  json in_general(json fields) const {
    fields["channel_id"] = world.general;
    return fields;
  }
  /// Registers a guild command.
  void define(const json& command) {
    const auto made = world.robot.call(
        "POST", "/applications/" + application + "/guilds/" + world.guild + "/commands", command);
    if (made.status != 201)
      throw std::runtime_error{made.text};
  }
  /// Posts a message as the bot, gives its id.
  std::string post(const json& body) {
    const auto made = world.robot.call("POST", "/channels/" + world.general + "/messages", body);
    if (made.status != 200)
      throw std::runtime_error{made.text};
    return made.body["id"];
  }
  /// An act in the general channel that starts an interaction; its answer.
  json start(const std::string& who, const std::string& type, const json& fields) {
    const auto started = world.crowd.act(who, type, in_general(fields));
    if (started.status != 200)
      throw std::runtime_error{started.text};
    return started.body;
  }
  /// d of the next INTERACTION_CREATE.
  json next() { return session.wait("INTERACTION_CREATE"); }
  /// A command without options, run by `who`.
  json command(const std::string& who) {
    if (!defined_) {
      define({{"name", "plain"}, {"description", "d"}});
      defined_ = true;
    }
    start(who, "command", {{"name", "plain"}});
    return next();
  }
  /// A button, clicked by `who`.
  json click(const std::string& who) {
    if (message_.empty())
      message_ =
          post({{"content", "press"},
                {"components",
                 json::array({json{{"type", 1}, {"components", json::array({button("b")})}}})}});
    start(who, "click", {{"message_id", message_}, {"custom_id", "b"}});
    return next();
  }
  reply answer(const json& d, const json& callback, bool with_response = false) {
    return world.robot.call("POST",
                            "/interactions/" + d["id"].get<std::string>() + "/" +
                                d["token"].get<std::string>() + "/callback" +
                                (with_response ? "?with_response=true" : ""),
                            callback);
  }
  /// A webhook route of the interaction's token.
  reply webhook(const std::string& method, const json& d, const std::string& rest,
                const json& body = nullptr) {
    return world.robot.call(
        method, "/webhooks/" + application + "/" + d["token"].get<std::string>() + rest, body);
  }
  reply original(const std::string& method, const json& d, const json& body = nullptr) {
    return webhook(method, d, "/messages/@original", body);
  }
  /// GET /sim/interactions/{id}.
  json state(const json& d) {
    return world.crowd.get("/sim/interactions/" + d["id"].get<std::string>()).body;
  }
  void freeze() { world.crowd.post("/sim/time", {{"freeze", true}}); }

private:
  bool defined_ = false;
  std::string message_;
};

} // namespace sim_test
