// A member of ours for tests/interop/dave.test.mjs: a dave_session driven by JSON lines.
//   {"cmd": "...", ...}  ->  {"ok": true, ...} or {"ok": false, "error": "..."}; byte strings are
//   hex.
// Every answer to an input of the session lists its actions. Time is the `now` that was last given.
#include "infra/dave/codes.hpp"
#include "infra/dave/frame_sealer.hpp"
#include "infra/dave/openssl_context.hpp"
#include "infra/dave/session_state.hpp"
#include <iostream>
#include <nlohmann/json.hpp>

using namespace hearth;
using namespace hearth::dave;
using nlohmann::json;

namespace {

bytes unhex(const json& text) {
  const auto digits = text.get<std::string>();
  auto out = bytes{};
  for (auto at = size_t{0}; at + 1 < digits.size(); at += 2)
    out.push_back(static_cast<uint8_t>(std::stoul(digits.substr(at, 2), nullptr, 16)));
  return out;
}

std::string hex(byte_view from) {
  static constexpr auto digits = std::string_view("0123456789abcdef");
  auto out = std::string{};
  for (const auto byte : from) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

user_id user_in(const json& text) { return parse_id<user_id>(text.get<std::string>()).value(); }

/// One member: its session, and what it last learned about how to speak.
class member {
public:
  member(user_id user, channel_id channel)
      : session_(openssl_suite(), make_identity_key(openssl_suite(), user), channel) {}

  json answer(const json& question) {
    const auto command = question.at("cmd").get<std::string>();
    if (question.contains("now"))
      now_ms_ = question["now"].get<int64_t>();
    if (command == "begin")
      return take(session_.begin(now_ms_, question.at("version").get<uint16_t>()));
    if (command == "users") {
      auto users = std::vector<user_id>{};
      for (const auto& user : question.at("users"))
        users.push_back(user_in(user));
      return take(session_.users_connected(users));
    }
    if (command == "disconnected")
      return take(session_.user_disconnected(user_in(question.at("user"))));
    if (command == "external_sender")
      return take(session_.external_sender_package(unhex(question.at("payload"))));
    if (command == "proposals")
      return take(session_.proposals(unhex(question.at("payload"))));
    if (command == "commit")
      return take(session_.commit_announced(now_ms_, behind_transition(question)));
    if (command == "welcome")
      return take(session_.welcomed(now_ms_, behind_transition(question)));
    if (command == "prepare_epoch")
      return take(session_.prepare_epoch(now_ms_, question.at("epoch").get<uint64_t>(),
                                         question.at("version").get<uint16_t>()));
    if (command == "prepare_transition")
      return take(session_.prepare_transition(now_ms_, transition_in(question),
                                              question.at("version").get<uint16_t>()));
    if (command == "execute_transition")
      return take(session_.execute_transition(now_ms_, transition_in(question)));
    if (command == "state")
      return state();
    if (command == "encrypt")
      return {{"frame", hex(encrypted(unhex(question.at("frame"))))}};
    if (command == "decrypt")
      return decrypted(user_in(question.at("sender")), unhex(question.at("frame")));
    if (command == "fingerprint")
      return fingerprint(user_in(question.at("other")));
    throw std::invalid_argument("unknown command");
  }

private:
  static uint16_t transition_in(const json& question) {
    return question.at("transition").get<uint16_t>();
  }
  static bytes behind_transition(const json& question) {
    return writer{}.u16(transition_in(question)).raw(unhex(question.at("payload"))).take();
  }

  json take(session_actions actions) {
    auto list = json::array();
    for (auto& action : actions) {
      if (const auto* package = std::get_if<session_do::send_key_package>(&action)) {
        list.push_back({{"op", 26}, {"payload", hex(package->payload)}});
      } else if (const auto* commit = std::get_if<session_do::send_commit>(&action)) {
        list.push_back({{"op", 28}, {"payload", hex(commit->payload)}});
      } else if (const auto* ready = std::get_if<session_do::send_ready>(&action)) {
        list.push_back({{"op", 23}, {"transition", ready->transition}});
      } else if (const auto* invalid = std::get_if<session_do::send_invalid>(&action)) {
        list.push_back({{"op", 31}, {"transition", invalid->transition}});
      } else if (const auto* speak = std::get_if<session_do::speak>(&action)) {
        how_ = speak->how;
        sealer_ = how_ == sending::encrypted
                      ? std::make_unique<frame_sealer>(openssl_suite(), speak->base)
                      : nullptr;
      } else if (const auto* note = std::get_if<session_do::note>(&action)) {
        list.push_back({{"note", note->text}});
      } else {
        list.push_back({{"reconnect", true}});
      }
    }
    return {{"actions", std::move(list)}};
  }

  json state() const {
    const auto* group = session_.group();
    const auto how = how_ == sending::nothing ? "nothing"
                     : how_ == sending::plain ? "plain"
                                              : "encrypted";
    if (group == nullptr)
      return {{"epoch", nullptr}, {"sending", how}};
    auto leaves = json::object();
    for (auto index = leaf_index{0}; index < group->tree.leaves(); ++index) {
      if (const auto* leaf = group->tree.leaf(index))
        leaves[to_string(user_of(*leaf))] = index;
    }
    return {{"epoch", group->context.epoch},
            {"authenticator", hex(group->secrets.authenticator)},
            {"leaf", group->own},
            {"leaves", std::move(leaves)},
            {"privacy_code", session_.privacy_code()},
            {"sending", how}};
  }

  bytes encrypted(byte_view frame) {
    if (how_ == sending::nothing)
      throw std::invalid_argument("may not speak");
    if (how_ == sending::plain)
      return to_bytes(frame);
    auto out = bytes(frame.size() + sealed_overhead_max);
    out.resize(sealer_->seal(frame, out));
    return out;
  }

  json decrypted(user_id sender, byte_view frame) {
    auto out = std::vector<uint8_t>{};
    auto received = session_.open(now_ms_, sender, frame, out);
    auto reply = take(std::move(received.actions));
    using outcome = receiver_set::outcome;
    const auto good = received.outcome == outcome::opened || received.outcome == outcome::plain;
    reply["frame"] = good ? json(hex(out)) : json(nullptr);
    reply["plain"] = received.outcome == outcome::plain;
    return reply;
  }

  json fingerprint(user_id other) const {
    const auto parties = session_.fingerprint_with(other);
    if (!parties)
      throw std::invalid_argument("not in the group");
    const auto print = pairwise_fingerprint(openssl_suite(), parties->first, parties->second);
    return {{"fingerprint", hex(print)}, {"code", displayable_code(print, pairwise_code_digits)}};
  }

  dave_session session_;
  int64_t now_ms_ = 0;
  sending how_ = sending::nothing;
  std::unique_ptr<frame_sealer> sealer_;
};

} // namespace

/// Usage: dave_member USER CHANNEL
int main(int count, char** arguments) {
  if (count != 3)
    return 2;
  const auto user = parse_id<user_id>(arguments[1]);
  const auto channel = parse_id<channel_id>(arguments[2]);
  if (!user || !channel)
    return 2;
  auto self = member(*user, *channel);
  for (auto line = std::string{}; std::getline(std::cin, line);) {
    auto reply = json{};
    try {
      reply = self.answer(json::parse(line));
      reply["ok"] = true;
    } catch (const std::exception& wrong) {
      reply = {{"ok", false}, {"error", wrong.what()}};
    }
    std::cout << reply.dump() << std::endl;
  }
}
