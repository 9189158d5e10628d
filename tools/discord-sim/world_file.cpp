#include "discord-sim/world_file.hpp"
#include "discord-sim/embedded.hpp"
#include "discord-sim/http_post.hpp"
#include "discord-sim/world_reader.hpp"
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

namespace sim {

namespace {

class loader {
public:
  loader(std::string file, unix_ms now) : file_(std::move(file)), now_(now) {}

  world load(const toml::table& root) {
    const world_reader top(root, file_, "world", {"user", "application", "guild"});
    for (const auto* t : top.tables("user"))
      add_user(*t);
    for (const auto* t : top.tables("application"))
      add_application(*t);
    for (const auto* t : top.tables("guild"))
      add_guild(*t);
    return std::move(world_);
  }

private:
  void claim(const world_reader& in, snowflake id) {
    if (!ids_.insert(id).second)
      in.fail("id", "is used twice: " + id_text(id));
  }

  snowflake user_named(const world_reader& in, std::string_view key, const std::string& name) {
    const auto it = users_.find(name);
    if (it == users_.end())
      in.fail(key, "there is no user '" + name + "'");
    return it->second;
  }

  void add_user(const toml::table& t) {
    const world_reader in(t, file_, "user",
                          {"id", "name", "display", "locale", "status", "playing", "dms_open"});
    user u;
    u.username = in.required("name");
    u.id = in.id("user/" + u.username);
    if (!users_.emplace(u.username, u.id).second)
      in.fail("name", "there are two users '" + u.username + "'");
    claim(in, u.id);
    u.global_name = in.text("display");
    u.locale = in.text("locale", "en-US");
    u.dms_open = in.flag("dms_open", true);
    presence p;
    p.status = in.text("status", "offline");
    static const std::set<std::string> statuses{"online", "idle", "dnd", "offline"};
    if (statuses.count(p.status) == 0)
      in.fail("status", "must be online, idle, dnd or offline");
    if (p.status != "offline")
      p.client_status["desktop"] = p.status;
    if (const auto game = in.text("playing"); !game.empty())
      p.activities.push_back(
          {{"name", game}, {"type", 0}, {"created_at", now_}, {"id", id_text(u.id)}});
    world_.presences[u.id] = std::move(p);
    world_.users[u.id] = std::move(u);
  }

  void add_application(const toml::table& t) {
    const world_reader in(
        t, file_, "application",
        {"id", "name", "description", "token", "owner", "intents", "interactions_endpoint_url"});
    application a;
    a.name = in.required("name");
    a.id = in.id("application/" + a.name);
    claim(in, a.id);
    a.bot = a.id;
    a.description = in.text("description");
    a.token = in.required("token");
    if (world_.application_by_token(a.token))
      in.fail("token", "is used by another application");
    a.interactions_url = in.text("interactions_endpoint_url");
    if (!a.interactions_url.empty() && !parse_post_url(a.interactions_url))
      in.fail("interactions_endpoint_url", "must be http://127.0.0.1:PORT/path");
    a.owner = user_named(in, "owner", in.required("owner"));
    a.presence_intent = a.members_intent = a.content_intent = false;
    for (const auto& name : in.texts("intents")) {
      if (name == "presences")
        a.presence_intent = true;
      else if (name == "members")
        a.members_intent = true;
      else if (name == "content")
        a.content_intent = true;
      else
        in.fail("intents", "'" + name + "' is none of presences, members, content");
    }
    user bot;
    bot.id = a.bot;
    bot.username = a.name;
    bot.bot = true;
    // Four digits for bots (15.9).
    bot.discriminator = std::to_string(1000 + a.id % 9000);
    bots_[a.name] = a.id;
    world_.users[bot.id] = std::move(bot);
    world_.applications[a.id] = std::move(a);
  }

  void add_guild(const toml::table& t) {
    const world_reader in(t, file_, "guild",
                          {"id", "copies", "name", "description", "owner", "locale", "everyone",
                           "system_channel", "afk_channel", "role", "emoji", "channel", "member"});
    const auto copies = static_cast<int>(in.number("copies", 1, 1, 10'000));
    for (int copy = 1; copy <= copies; ++copy)
      add_copy(in, copy);
  }

  /// The same guild again, for measurements: other name, other ids (none may be given below it).
  void add_copy(const world_reader& in, int copy) {
    guild g;
    g.name = in.required("name");
    if (copy > 1)
      g.name += " " + std::to_string(copy);
    path_ = "guild/" + g.name;
    g.id = copy > 1 ? id_of_path(path_) : in.id(path_);
    claim(in, g.id);
    g.description = in.text("description");
    g.owner = user_named(in, "owner", in.required("owner"));
    g.locale = in.text("locale", "en-US");
    roles_.clear();
    channels_.clear();
    role everyone;
    everyone.id = g.id;
    everyone.name = "@everyone";
    everyone.permissions = in.permissions("everyone");
    roles_[everyone.name] = g.id;
    g.roles[g.id] = std::move(everyone);
    add_roles(g, in.tables("role"));
    for (const auto* e : in.tables("emoji"))
      add_emoji(g, *e);
    int position = 0;
    snowflake category = 0;
    for (const auto* c : in.tables("channel"))
      add_channel(g, *c, position++, category);
    for (const auto* m : in.tables("member"))
      add_member(g, *m);
    if (g.members.count(g.owner) == 0)
      in.fail("owner", "must be a member");
    g.system_channel = channel_named(in, "system_channel");
    g.afk_channel = channel_named(in, "afk_channel");
    world_.guilds[g.id] = std::move(g);
  }

  snowflake channel_named(const world_reader& in, std::string_view key) {
    const auto name = in.text(key);
    if (name.empty())
      return 0;
    const auto it = channels_.find(name);
    if (it == channels_.end())
      in.fail(key, "there is no channel '" + name + "'");
    return it->second;
  }

  void add_roles(guild& g, const std::vector<const toml::table*>& tables) {
    // Listed from the highest down; @everyone is 0.
    auto position = static_cast<int>(tables.size());
    for (const auto* t : tables) {
      const world_reader in(*t, file_, "role",
                            {"id", "name", "color", "hoist", "mentionable", "permissions", "bot"});
      role r;
      r.name = in.required("name");
      r.id = in.id(path_ + "/role/" + r.name);
      if (!roles_.emplace(r.name, r.id).second)
        in.fail("name", "there are two roles '" + r.name + "'");
      claim(in, r.id);
      r.color = in.color("color");
      r.hoist = in.flag("hoist", false);
      r.mentionable = in.flag("mentionable", false);
      r.permissions = in.permissions("permissions");
      r.position = position--;
      if (const auto bot = in.text("bot"); !bot.empty()) {
        const auto it = bots_.find(bot);
        if (it == bots_.end())
          in.fail("bot", "there is no application '" + bot + "'");
        r.managed = true;
        r.bot = it->second;
        member m;
        m.user = it->second;
        m.roles = {r.id};
        m.joined_at = time_of(r.id);
        g.members[m.user] = std::move(m);
      }
      g.roles[r.id] = std::move(r);
    }
  }

  void add_emoji(guild& g, const toml::table& t) {
    const world_reader in(t, file_, "emoji", {"id", "name", "animated"});
    emoji e;
    e.name = in.required("name");
    e.id = in.id(path_ + "/emoji/" + e.name);
    claim(in, e.id);
    e.animated = in.flag("animated", false);
    g.emojis[e.id] = std::move(e);
  }

  channel_type type_of(const world_reader& in) {
    static const std::map<std::string, channel_type> types{
        {"text", channel_type::text},
        {"voice", channel_type::voice},
        {"category", channel_type::category},
        {"announcement", channel_type::announcement},
        {"stage", channel_type::stage}};
    const auto it = types.find(in.text("type", "text"));
    if (it == types.end())
      in.fail("type", "must be text, voice, category, announcement or stage");
    return it->second;
  }

  void add_channel(guild& g, const toml::table& t, int position, snowflake& category) {
    const world_reader in(
        t, file_, "channel",
        {"id", "name", "type", "topic", "in", "user_limit", "nsfw", "allow", "deny"});
    channel c;
    c.name = in.required("name");
    c.id = in.id(path_ + "/channel/" + c.name);
    if (!channels_.emplace(c.name, c.id).second)
      in.fail("name", "there are two channels '" + c.name + "'");
    claim(in, c.id);
    c.guild = g.id;
    c.type = type_of(in);
    c.topic = in.text("topic");
    c.position = position;
    c.nsfw = in.flag("nsfw", false);
    c.user_limit = static_cast<int>(in.number("user_limit", 0, 0, 99));
    if (c.type == channel_type::category)
      category = c.id;
    else
      c.parent = in.text("in", "?") == "?" ? category : channel_named(in, "in");
    std::map<snowflake, overwrite> rules;
    for (const auto& [name, bits] : in.permission_table("allow"))
      overwrite_of(in, rules, "allow", name).allow |= bits;
    for (const auto& [name, bits] : in.permission_table("deny"))
      overwrite_of(in, rules, "deny", name).deny |= bits;
    for (auto& [id, o] : rules)
      c.overwrites.push_back(o);
    g.channels.push_back(c.id);
    world_.channels[c.id] = std::move(c);
  }

  overwrite& overwrite_of(const world_reader& in, std::map<snowflake, overwrite>& rules,
                          std::string_view key, const std::string& name) {
    const bool person = name.rfind("user:", 0) == 0;
    snowflake id = 0;
    if (person)
      id = user_named(in, key, name.substr(5));
    else if (const auto it = roles_.find(name); it != roles_.end())
      id = it->second;
    else
      in.fail(key, "there is no role '" + name + "'");
    auto& o = rules[id];
    o.id = id;
    o.member = person;
    return o;
  }

  void add_member(guild& g, const toml::table& t) {
    const world_reader in(t, file_, "member", {"user", "roles", "nick", "pending", "voice"});
    member m;
    m.user = user_named(in, "user", in.required("user"));
    if (g.members.count(m.user) != 0)
      in.fail("user", "is a member twice");
    m.nick = in.text("nick");
    m.pending = in.flag("pending", false);
    // Joined some time after the account was made.
    m.joined_at = time_of(m.user) + 86400000;
    for (const auto& name : in.texts("roles")) {
      const auto it = roles_.find(name);
      if (it == roles_.end() || it->second == g.id)
        in.fail("roles", "there is no role '" + name + "'");
      m.roles.push_back(it->second);
    }
    if (const auto where = channel_named(in, "voice"); where != 0) {
      voice_state v;
      v.user = m.user;
      v.guild = g.id;
      v.channel = where;
      v.session_id = id_text(m.user);
      g.voice[m.user] = std::move(v);
    }
    g.members[m.user] = std::move(m);
  }

  std::string file_;
  unix_ms now_;
  std::string path_;
  world world_;
  std::set<snowflake> ids_;
  std::map<std::string, snowflake> users_;
  std::map<std::string, snowflake> bots_;
  std::map<std::string, snowflake> roles_;
  std::map<std::string, snowflake> channels_;
};

} // namespace

world load_world(std::string_view text, const std::string& file_name, unix_ms now) {
  try {
    const auto root = toml::parse(text, file_name);
    return loader(file_name, now).load(root);
  } catch (const toml::parse_error& e) {
    fail_at(file_name, e.source(), std::string(e.description()));
  }
}

world load_world_file(const std::string& path, unix_ms now) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf()))
    throw std::runtime_error(path + ": cannot be read");
  return load_world(text.str(), path, now);
}

world load_demo_world(unix_ms now) {
  return load_world(embedded_file("demo.toml"), "demo.toml", now);
}

} // namespace sim
