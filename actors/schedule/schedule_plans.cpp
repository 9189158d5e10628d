// Weekly plans and reminders, as members set them.
#include "actors/schedule/schedule_actor.hpp"
#include "infra/interactions/callback.hpp"
#include "infra/schedule/evening_view.hpp"

namespace hearth {

namespace {

using kind = interaction_response::kind;

edit_plan edit_of(const interaction& asked, guild_id guild, known_member member, instant now) {
  auto edit = edit_plan{};
  edit.interaction = asked.id;
  edit.guild = guild;
  edit.member = std::move(member);
  edit.now = now;
  return edit;
}

} // namespace

void schedule::run_addschedule(const interaction_ptr& asked, reply to) {
  to.deliver(rendered(kind::message, render_planner(say_to(*asked), set_.rules, {})));
}

void schedule::on_plan_component(const interaction_ptr& asked, const plan_component& part,
                                 reply to) {
  switch (part.part) {
  case plan_part::days:
  case plan_part::hours: {
    const auto choice = chosen(part, asked->values);
    if (!choice)
      return tell(to, say_to(*asked)("schedule.old_component"));
    if (choice->complete())
      return save_plan(asked, *choice, to);
    to.deliver(rendered(kind::update, render_planner(say_to(*asked), set_.rules, *choice)));
    return;
  }
  case plan_part::again:
    to.deliver(rendered(kind::update, render_planner(say_to(*asked), set_.rules, {})));
    return;
  case plan_part::remind_on:
    return set_reminder(asked, true, kind::update, to);
  case plan_part::remind_off:
    return set_reminder(asked, false, kind::update, to);
  case plan_part::remind:
    return set_reminder(asked, true, kind::message, to);
  }
}

void schedule::save_plan(const interaction_ptr& asked, const plan_choice& choice, reply to) {
  auto edit = edit_of(*asked, id_, member_of(asked->member), now());
  edit.weekdays = days_in(choice.days);
  edit.hours = hours_in(choice.hours);
  ask<member_plan>(
      parts_->store, store_patience, std::move(edit),
      [this, asked, choice, to](const member_plan& plan) mutable {
        to.deliver(rendered(kind::update, render_saved(say_to(*asked), choice, plan)));
      },
      [this, asked, to](const caf::error& why) { not_saved(*asked, to, why); });
}

void schedule::run_removeschedule(const interaction_ptr& asked, reply to) {
  const auto* day = asked->option<std::string>("day");
  const auto days = day && *day == "all" ? std::optional{every_day}
                    : day                ? day_set_of({*day})
                                         : std::nullopt;
  if (!days)
    return tell(to, say_to(*asked)("schedule.old_component"));
  auto edit = edit_of(*asked, id_, member_of(asked->member), now());
  edit.weekdays = days_in(*days);
  ask<member_plan>(
      parts_->store, store_patience, std::move(edit),
      [this, asked, to](const member_plan& plan) {
        const auto text = say_to(*asked);
        if (plan.removed == 0)
          return tell(to, text("schedule.removed_none"));
        auto answer = text("schedule.removed", {{"count", plan.removed}});
        if (!plan.entries.empty())
          answer += "\n\n" + text("schedule.your_week") + "\n" + plan_lines(text, plan.entries);
        tell(to, answer);
      },
      [this, asked, to](const caf::error& why) { not_saved(*asked, to, why); });
}

void schedule::run_seeschedule(const interaction_ptr& asked, reply to) {
  auto whom = asked->member.user;
  auto name = std::string{};
  if (const auto* user = asked->option<uint64_t>("user"); user && *user != whom.value) {
    whom = {*user};
    const auto found = asked->users.find(whom);
    name = found == asked->users.end() ? to_string(whom) : found->second.name;
  }
  ask<member_plan>(
      parts_->store, store_patience, load_plan{id_, whom},
      [this, asked, name, to](const member_plan& plan) {
        show_plan(asked, plan, name, kind::message, to);
      },
      [this, asked, to](const caf::error& why) { not_saved(*asked, to, why); });
}

void schedule::set_reminder(const interaction_ptr& asked, bool on, kind how, reply to) {
  auto edit = edit_of(*asked, id_, member_of(asked->member), now());
  edit.remind = on;
  ask<member_plan>(
      parts_->store, store_patience, std::move(edit),
      [this, asked, how, to](const member_plan& plan) { show_plan(asked, plan, {}, how, to); },
      [this, asked, to](const caf::error& why) { not_saved(*asked, to, why); });
}

void schedule::show_plan(const interaction_ptr& asked, const member_plan& plan, std::string name,
                         interaction_response::kind how, reply to) {
  ask<evening_record_ptr>(
      parts_->store, store_patience, load_evening{id_, tonight()},
      [this, asked, plan, name, how, to](const evening_record_ptr& record) mutable {
        to.deliver(rendered(how, render_plan(say_to(*asked), set_.rules, plan, *record, name)));
      },
      [this, asked, to](const caf::error& why) { not_saved(*asked, to, why); });
}

} // namespace hearth
