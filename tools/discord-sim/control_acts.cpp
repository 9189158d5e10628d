// What people do with messages: POST /sim/act send, edit, delete, react, ... with the rights that
// Discord's own client would ask for.
#include "discord-sim/access.hpp"
#include "discord-sim/control.hpp"
#include "discord-sim/emoji.hpp"
#include "discord-sim/post.hpp"

#include <openssl/evp.h>

namespace sim {

const json& act_call::at(const char* key) const {
  if (!has(key))
    throw control_error{400, std::string{key} + " is missing."};
  return body[key];
}

snowflake act_call::id(const char* key) const {
  const auto value = parse_id(at(key));
  if (!value)
    throw control_error{400, std::string{key} + " must be an id."};
  return *value;
}

std::string act_call::text(const char* key) const {
  if (!at(key).is_string())
    throw control_error{400, std::string{key} + " must be a text."};
  return body[key].get<std::string>();
}

std::string act_call::text_or(const char* key, std::string fallback) const {
  return has(key) ? text(key) : std::move(fallback);
}

bool act_call::flag(const char* key, bool fallback) const {
  if (!has(key))
    return fallback;
  if (!body[key].is_boolean())
    throw control_error{400, std::string{key} + " must be true or false."};
  return body[key].get<bool>();
}

channel& act_call::where() const {
  auto* found = a.core.world.find_channel(id("channel_id"));
  if (found == nullptr || (rights_in(a.core, *found, who.id) & permission::view_channel) == 0)
    throw control_error{404, "This user sees no such channel."};
  return *found;
}

message& act_call::seen_message(const channel& in) const {
  auto* found = a.core.world.find_message(in.id, id("message_id"));
  if (found == nullptr || (found->ephemeral && found->shown_to != who.id))
    throw control_error{404, "This user sees no such message."};
  return *found;
}

void act_call::require(const channel& in, std::uint64_t bits, const char* sentence) const {
  if ((rights_in(a.core, in, who.id) & bits) != bits)
    throw control_error{403, sentence};
}

guild& act_call::home() const {
  auto* found = a.core.world.find_guild(id("guild_id"));
  if (found == nullptr || found->members.count(who.id) == 0)
    throw control_error{404, "This user is in no such guild."};
  return *found;
}

std::vector<upload> read_files(const json& body) {
  std::vector<upload> files;
  const auto list = body.value("files", json::array());
  if (!list.is_array() || list.size() > 10)
    throw control_error{400, "files must be a list of at most 10."};
  for (const auto& entry : list) {
    const bool good = entry.is_object() && entry.contains("data_base64") &&
                      entry["data_base64"].is_string() && entry.contains("filename") &&
                      entry["filename"].is_string();
    if (!good)
      throw control_error{400, "A file needs filename and data_base64."};
    const auto& text = entry["data_base64"].get_ref<const std::string&>();
    std::string data(text.size() / 4 * 3, '\0');
    const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(data.data()),
                                       reinterpret_cast<const unsigned char*>(text.data()),
                                       static_cast<int>(text.size()));
    if (length < 0 || text.size() % 4 != 0)
      throw control_error{400, "data_base64 is no base64."};
    // OpenSSL counts the padding as data.
    const auto padding = text.empty() ? 0 : (text.back() == '=') + (text[text.size() - 2] == '=');
    data.resize(static_cast<std::size_t>(length - padding));
    if (data.size() > file_size_max)
      throw control_error{413, "A file is larger than 10 MiB."};
    upload file;
    file.n = files.size();
    file.filename = entry["filename"];
    file.content_type = entry.value("content_type", "");
    file.data = std::make_shared<const std::string>(std::move(data));
    files.push_back(std::move(file));
  }
  return files;
}

namespace {

message_body checked(const act_call& act, json payload, const message_context& context) {
  form_errors errors;
  auto body = check_message(payload, context, {}, errors);
  check(errors);
  (void)act;
  return body;
}

act_result send(const act_call& act) {
  auto& where = act.where();
  if (!is_textual(where))
    throw control_error{400, "This channel takes no messages."};
  act.require(where, permission::send_messages, "This user may not write here.");
  auto files = read_files(act.body);
  if (!files.empty())
    act.require(where, permission::attach_files, "This user may not attach files here.");
  json payload{{"content", act.text_or("content", "")}};
  if (act.has("reply_to"))
    payload["message_reference"] = {{"message_id", id_text(act.id("reply_to"))}};
  message_context context;
  for (const auto& file : files)
    context.files.insert(file.n);
  new_message wish;
  wish.channel = where.id;
  wish.author = act.who.id;
  wish.body = checked(act, std::move(payload), context);
  if (wish.body.reply &&
      act.a.core.world.find_message(where.id, wish.body.reply->message) == nullptr)
    throw control_error{404, "There is no message to reply to."};
  wish.files = std::move(files);
  const auto& made = post_message(act.a, std::move(wish));
  return {{{"message", message_view(act.a, made, act.who.id)}}, 0};
}

act_result edit(const act_call& act) {
  auto& m = act.seen_message(act.where());
  if (m.author != act.who.id)
    throw control_error{403, "Only the author may edit a message."};
  request_body none;
  edit_message(
      act.a, m,
      checked(act, {{"content", act.text("content")}}, edit_context(m, message_route::edit, none)),
      {});
  return {{{"message", message_view(act.a, m, act.who.id)}}, 0};
}

act_result remove(const act_call& act) {
  auto& where = act.where();
  const auto& m = act.seen_message(where);
  // Everybody may dismiss what only they see.
  if (m.author != act.who.id && !m.ephemeral)
    act.require(where, permission::manage_messages, "This user may not delete others' messages.");
  delete_message(act.a, where.id, m.id);
  return {};
}

json emoji_of(const act_call& act) {
  auto emoji = parse_reaction_emoji(act.text("emoji"));
  if (!emoji)
    throw control_error{400, "emoji must be a Unicode emoji or name:id."};
  return std::move(*emoji);
}

act_result react(const act_call& act) {
  auto& where = act.where();
  auto& m = act.seen_message(where);
  if (m.ephemeral)
    throw control_error{403, "Ephemeral messages take no reactions."};
  const auto emoji = emoji_of(act);
  act.require(where, permission::read_history, "This user may not react here.");
  bool present = false;
  for (const auto& known : m.reactions)
    present = present ||
              same_emoji(emoji, {{"id", id_or_null(known.emoji_id)}, {"name", known.emoji_name}});
  if (!present)
    act.require(where, permission::add_reactions, "This user may not add reactions here.");
  add_reaction(act.a, m, emoji, act.who.id);
  return {};
}

act_result unreact(const act_call& act) {
  auto& m = act.seen_message(act.where());
  if (!remove_reaction(act.a, m, emoji_of(act), act.who.id))
    throw control_error{404, "This user has not reacted so."};
  return {};
}

act_result type_text(const act_call& act) {
  auto& where = act.where();
  act.require(where, permission::send_messages, "This user may not write here.");
  start_typing(act.a, where, act.who.id);
  return {};
}

act_result open_direct(const act_call& act) {
  const auto other = act.id("user_id");
  if (act.a.core.world.find_user(other) == nullptr || other == act.who.id)
    throw control_error{404, "There is no such other user."};
  return {{{"channel_id", id_text(open_dm(act.a, act.who.id, other).id)}}, 0};
}

act_result allow_direct(const act_call& act) {
  act.who.dms_open = act.flag("open", true);
  return {};
}

} // namespace

act_handler message_act(std::string_view type) {
  static const std::map<std::string_view, act_handler> handlers{
      {"send", send},           {"edit", edit},
      {"delete", remove},       {"react", react},
      {"unreact", unreact},     {"typing", type_text},
      {"open_dm", open_direct}, {"set_dm_open", allow_direct}};
  const auto found = handlers.find(type);
  return found == handlers.end() ? nullptr : found->second;
}

} // namespace sim
