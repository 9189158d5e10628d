// What is written about the options: the example file, the reference, and --check.
#include "infra/settings/options.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace hearth {
namespace {

constexpr size_t columns = 100;

std::string_view section_of(const option& one) {
  const auto dot = one.key.find('.');
  return dot == std::string_view::npos ? std::string_view{} : one.key.substr(0, dot);
}
std::string_view name_of(const option& one) { return one.key.substr(one.key.find('.') + 1); }

/// Breaks at spaces; each line begins with `lead`.
std::string wrapped(std::string_view text, std::string_view lead) {
  auto out = std::string{};
  auto line = std::string{lead};
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto word = text.substr(0, end);
    if (line.size() > lead.size() && line.size() + 1 + word.size() > columns) {
      out += line + "\n";
      line = lead;
    }
    line += line.size() > lead.size() ? " " : "";
    line += word;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out + line + "\n";
}

std::string when(const option& one) {
  return one.reloadable ? "Applied on reload." : "Applied at the next start.";
}

} // namespace

std::string example_file() {
  auto text = std::string{
      "# Hearth's configuration, with every option and its default: remove the # of what you want\n"
      "# to change. Checked by `hearthd --check`; read again on SIGHUP (`systemctl reload "
      "hearth`).\n"
      "# Found through --config or HEARTH_CONFIG, else hearth.toml here, else\n"
      "# /etc/hearth/hearth.toml.\n"
      "#\n"
      "# The token is not kept here: it comes from the environment (HEARTH_DISCORD_TOKEN) or,\n"
      "# better, from a credential, discord_token_<profile> or discord_token (systemd:\n"
      "# LoadCredential=).\n"};
  const auto none = settings{};
  auto section = std::string_view{};
  for (const auto& one : options()) {
    if (section_of(one) != section) {
      section = section_of(one);
      text += fmt::format("\n[{}]", section);
    }
    text += "\n" + wrapped(one.help, "# ");
    text += wrapped(fmt::format("({}. {})", type_text(one), when(one)), "# ");
    text += fmt::format("# {} = {}\n", name_of(one), value_text(one, none));
  }
  text += "\n# Options of one profile only, which win over those above.\n"
          "# [preprod.log]\n# level = \"debug\"\n";
  return text;
}

std::string reference_table() {
  auto text = std::string{"| option | type | default | reload | what |\n|---|---|---|---|---|\n"};
  const auto none = settings{};
  for (const auto& one : options())
    text += fmt::format("| `{}` | {} | `{}` | {} | {} |\n", one.key, type_text(one),
                        value_text(one, none), one.reloadable ? "yes" : "no", one.help);
  return text;
}

std::string explain(const parsed_settings& parsed) {
  auto text = std::string{};
  for (const auto& one : options()) {
    const auto found = parsed.sources.find(std::string{one.key});
    text += fmt::format("{:32} {:28} {}\n", one.key, value_text(one, parsed.value),
                        found == parsed.sources.end() ? "default" : found->second);
  }
  return text;
}

} // namespace hearth
