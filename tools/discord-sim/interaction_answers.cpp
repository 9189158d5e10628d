#include "discord-sim/interaction_answers.hpp"

#include "discord-sim/interaction_data.hpp"
#include "discord-sim/objects.hpp"

namespace sim {

namespace {

json reference_to(const interaction& it, snowflake message) {
  json reference{
      {"type", 0}, {"channel_id", id_text(it.channel)}, {"message_id", id_text(message)}};
  if (it.guild != 0)
    reference["guild_id"] = id_text(it.guild);
  return reference;
}

/// The command at the root of an interaction, or nullptr: modals lead back to what opened them.
const interaction* root_of(activity& a, const interaction& it) {
  const auto& all = a.core.world.interactions;
  const auto opener = all.find(it.source_interaction);
  return it.type == 5 ? (opener == all.end() ? nullptr : &opener->second) : &it;
}

/// 20 for slash commands, 23 for context menus, 19 (a reply) for components and follow-ups; for
/// modals that of what opened them (15.6; the latter assumed).
int message_type(activity& a, const interaction& it, answer_kind kind) {
  const auto* root = root_of(a, it);
  if (kind == answer_kind::follow_up || root == nullptr || root->type != 2)
    return 19;
  return root->data["data"]["type"] == 1 ? 20 : 23;
}

/// What the answer refers to, 0 = nothing.
snowflake referenced(activity& a, const interaction& it, answer_kind kind) {
  if (kind == answer_kind::follow_up)
    return it.original;
  const auto* root = root_of(a, it);
  if (root != nullptr && root->type == 2 && root->data["data"]["type"] == 3)
    return parse_id(root->data["data"]["target_id"]).value_or(0);
  return it.source_message;
}

} // namespace

message& post_answer(activity& a, const interaction& it, message_body body,
                     std::vector<upload> files, answer_kind kind) {
  new_message wish;
  wish.channel = it.channel;
  const auto* app = a.core.world.find_application(it.application);
  wish.author = app ? app->bot : 0;
  wish.type = message_type(a, it, kind);
  wish.application = it.application;
  wish.interaction = it.id;
  wish.shown_to = it.user;
  if (kind == answer_kind::placeholder)
    wish.extra_flags = message_flag::loading;
  wish.extra_flags |= body.flags.value_or(0) & message_flag::ephemeral;
  auto metadata = interaction_metadata(a.core, it);
  if (kind == answer_kind::follow_up && it.original != 0)
    metadata["original_response_message_id"] = id_text(it.original);
  wish.extra = {{"application_id", id_text(it.application)},
                {"webhook_id", id_text(it.application)},
                {"interaction_metadata", std::move(metadata)}};
  if (it.type == 2) {
    // The older form of interaction_metadata, still sent and read by older libraries.
    const auto* who = a.core.world.find_user(it.user);
    wish.extra["interaction"] = {{"id", id_text(it.id)},
                                 {"type", it.type},
                                 {"name", command_path(it.data["data"])},
                                 {"user", who ? user_json(*who) : json{}}};
  }
  if (const auto other = referenced(a, it, kind); other != 0)
    wish.extra["message_reference"] = reference_to(it, other);
  body.reply.reset();
  wish.body = std::move(body);
  wish.files = std::move(files);
  return post_message(a, std::move(wish));
}

void keep_edit_flags(message_body& body) {
  if (body.flags)
    body.flags = *body.flags & (message_flag::suppress_embeds | message_flag::components_v2);
}

json check_choices(const interaction& it, const json& data, form_errors& errors) {
  const form_fields fields{data, form_path{} / "data", errors};
  auto checked = json::array();
  const auto* list = fields.list("choices", {0, 25, true});
  if (list == nullptr)
    return checked;
  // The focused option decides what values may be (discord-api 3.3, 3.4).
  int type = 3;
  const std::function<void(const json&)> find_focused = [&](const json& options) {
    for (const auto& option : options) {
      if (option.value("focused", false))
        type = option["type"];
      if (option.contains("options"))
        find_focused(option["options"]);
    }
  };
  find_focused(it.data["data"].value("options", json::array()));
  for (std::size_t i = 0; i < list->size(); ++i) {
    const form_fields choice{(*list)[i], fields.at() / "choices" / i, errors};
    choice.text("name", {1, 100, true});
    if (type == 3)
      choice.text("value", {1, 100, true});
    else if (type == 4)
      choice.integer("value", {-(1LL << 53) + 1, (1LL << 53) - 1, true});
    else if (const auto* value = choice.find("value"); value == nullptr || !value->is_number())
      errors.not_a(choice.at() / "value", value ? value->dump() : "null", "float");
    checked.push_back((*list)[i]);
  }
  return checked;
}

json check_modal(const json& data, form_errors& errors) {
  const form_path at = form_path{} / "data";
  const form_fields fields{data, at, errors};
  json modal{{"custom_id", fields.text("custom_id", {1, 100, true}).value_or("")},
             {"title", fields.text("title", {1, 45, true}).value_or("")},
             {"components", json::array()}};
  if (const auto* components = fields.find("components"); components != nullptr)
    modal["components"] =
        check_components(*components, component_surface::modal, at / "components", errors)
            .components;
  else
    errors.required(at / "components");
  return modal;
}

} // namespace sim
