#include "hearthctl/link.hpp"
#include "infra/clock/machine_clock_context.hpp"
#include "infra/inspect/tls_probe_client.hpp"
#include "infra/inspect/wire_config_context.hpp"
#include "messages/errc.hpp"
#include <algorithm>
#include <caf/io/middleman_actor.hpp>
#include <caf/openssl/manager.hpp>
#include <climits>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

namespace hearth::ctl {
namespace {

constexpr auto connect_max = std::chrono::seconds{5};

/// Checked before an actor system exists: CAF would end the process.
certificate_files checked_files(const daemon_place& place, inspect_right right) {
  const auto why = certificate_trouble(place.certificates, right, wire_end::client, system_ms());
  if (!why.empty())
    throw trouble{exit_certificate,
                  fmt::format("There is no usable certificate for the right to {}: {}\n"
                              "The daemon makes them at its start in the folder inspect of its "
                              "data folder; only its owner (and root) may read them: try sudo. "
                              "Ended or broken ones: stop the daemon, `hearthctl renew`, start it.",
                              to_string(right), why)};
  return certificate_files_of(place.certificates, right, wire_end::client);
}

} // namespace

std::string myself() {
  const auto* entry = ::getpwuid(::geteuid());
  char host[HOST_NAME_MAX + 1] = {};
  ::gethostname(host, sizeof host - 1);
  return fmt::format("{}@{}", entry ? entry->pw_name : std::to_string(::geteuid()), host);
}

std::string error_text(const caf::error& error) {
  if (error == caf::sec::request_timeout)
    return "the daemon did not answer in time";
  return describe(error);
}

struct link_base::parts {
  parts(const daemon_place& where, inspect_right which, int64_t patience_ms)
      : place(where), right(which), at(find_port(where, which, patience_ms)),
        files(checked_files(where, which)), config(files, which), system(config), self(system) {}
  daemon_place place;
  inspect_right right;
  std::pair<std::string, uint16_t> at;
  certificate_files files;
  wire_config config;
  caf::actor_system system;
  caf::scoped_actor self;
};

link_base::link_base(const daemon_place& place, inspect_right right, int64_t patience_ms)
    : parts_(std::make_unique<parts>(place, right, patience_ms)) {}
link_base::~link_base() = default;

caf::actor_system& link_base::system() { return parts_->system; }
caf::scoped_actor& link_base::self() { return parts_->self; }

caf::strong_actor_ptr link_base::connect(const std::set<std::string>& wanted) {
  auto found = caf::strong_actor_ptr{};
  auto why = std::string{};
  parts_->self
      ->request(parts_->system.openssl_manager().actor_handle(), connect_max,
                caf::connect_atom::value, parts_->at.first, parts_->at.second)
      .receive(
          [&](const caf::node_id&, caf::strong_actor_ptr& facade,
              const std::set<std::string>& offered) {
            if (!std::includes(offered.begin(), offered.end(), wanted.begin(), wanted.end()))
              why = "it does not offer what this hearthctl asks; update the older of the two";
            else
              found = std::move(facade);
          },
          [&](const caf::error& error) { why = error_text(error); });
  if (!found)
    explain(why);
  return found;
}

void link_base::explain(const std::string& caf_says) const {
  const auto& [address, port] = parts_->at;
  const auto where = fmt::format("{}:{}", address, port);
  const auto report = probe_tls(address, port, parts_->files, connect_max);
  switch (report.result) {
  case probe_result::unreachable:
    throw trouble{exit_unreachable,
                  fmt::format("hearthd does not answer at {}: {}.\nIs it just stopping? Else look "
                              "into its log: journalctl -u hearth",
                              where, report.text)};
  case probe_result::refused:
    throw trouble{exit_certificate,
                  fmt::format("{} does not accept our certificate, or we do not accept its own: "
                              "{}.\nThe certificates of {} belong to another daemon, profile or "
                              "right, or were renewed meanwhile: copy them anew from the daemon's "
                              "data folder.",
                              where, report.text, parts_->place.certificates)};
  case probe_result::good:
    break;
  }
  throw trouble{exit_unreachable, fmt::format("{} was reached, but {}.", where, caf_says)};
}

void link_base::refused(const caf::error& why) const {
  if (why.category() == caf::atom("hearth"))
    throw trouble{exit_refused, error_text(why)};
  throw trouble{exit_unreachable,
                fmt::format("the connection to the daemon was lost: {}", error_text(why))};
}

} // namespace hearth::ctl
