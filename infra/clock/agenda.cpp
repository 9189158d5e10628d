#include "infra/clock/agenda.hpp"
#include <algorithm>
#include <limits>
#include <utility>

namespace hearth {
namespace {

/// `since` of a job that is switched off: when it is on again it begins anew.
constexpr auto switched_off = instant{std::numeric_limits<int64_t>::max()};

constexpr int64_t retry_ms_min = 5'000;
constexpr int64_t retry_ms_max = 300'000;

} // namespace

void agenda::set_next(entry& entry, instant now) {
  entry.next.reset();
  if (entry.running || !entry.plan.enabled)
    return;
  if (const auto due = overdue(entry.plan, entry.zone, entry.record, now))
    entry.next = due->at;
  else if (const auto later = upcoming(entry.plan, entry.zone, entry.record, now))
    entry.next = later->at;
}

std::vector<agenda_change> agenda::plan(const plan_jobs& plan, const records& kept, instant now) {
  auto changes = std::vector<agenda_change>{};
  auto planned = std::set<std::string>{};
  for (const auto& job : plan.jobs) {
    planned.insert(job.job);
    const auto key = job_key{plan.guild, job.job};
    const auto known = entries_.find(key);
    auto& entry = known == entries_.end() ? entries_[key] : known->second;
    const auto before = kept.find(job.job);
    const auto is_new = known == entries_.end() && before == kept.end();
    if (known == entries_.end() && before != kept.end())
      entry.record = before->second;
    entry.plan = job;
    entry.zone = plan.zone;
    entry.failures = 0;
    if (job.enabled && (is_new || entry.record.since == switched_off)) {
      entry.record.since = now;
      changes.push_back({key, entry.record});
    } else if (!job.enabled && entry.record.since != switched_off) {
      entry.record.since = switched_off;
      if (!is_new)
        changes.push_back({key, entry.record});
    }
    set_next(entry, now);
  }
  // A job that is not in the plan any more is off: its feature is.
  for (auto at = entries_.lower_bound({plan.guild, ""});
       at != entries_.end() && at->first.guild == plan.guild;) {
    if (planned.count(at->first.job)) {
      ++at;
      continue;
    }
    if (at->second.record.since != switched_off) {
      at->second.record.since = switched_off;
      changes.push_back({at->first, at->second.record});
    }
    at = entries_.erase(at);
  }
  for (const auto& [name, record] : kept) {
    const auto told =
        std::any_of(changes.begin(), changes.end(),
                    [&job = name](const agenda_change& change) { return change.key.job == job; });
    if (!planned.count(name) && record.since != switched_off && !told)
      changes.push_back({{plan.guild, name}, {switched_off, record.period}});
  }
  return changes;
}

void agenda::drop(guild_id guild) {
  auto at = entries_.lower_bound({guild, ""});
  while (at != entries_.end() && at->first.guild == guild)
    at = entries_.erase(at);
}

std::vector<job_due> agenda::take_due(instant now) {
  auto taken = std::vector<job_due>{};
  for (auto& [key, entry] : entries_) {
    if (!entry.next || *entry.next > now)
      continue;
    const auto due = overdue(entry.plan, entry.zone, entry.record, now);
    if (!due) {
      set_next(entry, now);
      continue;
    }
    entry.running = true;
    entry.next.reset();
    taken.push_back({key.guild, key.job, due->period, due->at, false});
  }
  std::stable_sort(taken.begin(), taken.end(),
                   [](const job_due& a, const job_due& b) { return a.due < b.due; });
  return taken;
}

std::optional<agenda_change> agenda::record_of(const job_key& key,
                                               const std::string& period) const {
  const auto found = entries_.find(key);
  if (found == entries_.end())
    return std::nullopt;
  return agenda_change{key, {found->second.record.since, period}};
}

void agenda::done(const job_key& key, const std::string& period, instant now) {
  const auto found = entries_.find(key);
  if (found == entries_.end())
    return;
  auto& entry = found->second;
  entry.running = false;
  entry.failures = 0;
  entry.record.period = period;
  entry.last = now;
  set_next(entry, now);
}

std::vector<agenda_line> agenda::list() const {
  auto lines = std::vector<agenda_line>{};
  for (const auto& [key, entry] : entries_)
    lines.push_back({key, entry.plan, entry.zone, entry.next, entry.running, entry.failures,
                     entry.record.period, entry.last});
  return lines;
}

void agenda::failed(const job_key& key, instant now) {
  const auto found = entries_.find(key);
  if (found == entries_.end())
    return;
  auto& entry = found->second;
  entry.running = false;
  auto wait = retry_ms_min;
  for (auto i = uint32_t{0}; i < entry.failures && wait < retry_ms_max; ++i)
    wait *= 2;
  ++entry.failures;
  if (entry.plan.enabled)
    entry.next = instant{now.ms + std::min(wait, retry_ms_max)};
}

std::optional<instant> agenda::earliest() const {
  auto first = std::optional<instant>{};
  for (const auto& [key, entry] : entries_)
    if (entry.next && (!first || *entry.next < *first))
      first = entry.next;
  return first;
}

std::optional<instant> agenda::earliest(guild_id guild) const {
  auto first = std::optional<instant>{};
  for (auto at = entries_.lower_bound({guild, ""});
       at != entries_.end() && at->first.guild == guild; ++at)
    if (at->second.next && (!first || *at->second.next < *first))
      first = at->second.next;
  return first;
}

std::optional<instant> agenda::next(const job_key& key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? std::nullopt : found->second.next;
}

void agenda::refresh(instant now) {
  for (auto& [key, entry] : entries_)
    if (!entry.running)
      set_next(entry, now);
}

} // namespace hearth
