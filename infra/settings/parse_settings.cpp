#include "infra/settings/options.hpp"
#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <toml++/toml.h>

namespace hearth {
namespace {

constexpr std::array<std::string_view, 3> profiles = {"prod", "preprod", "sandbox"};

bool is_profile(std::string_view name) {
  return std::find(profiles.begin(), profiles.end(), name) != profiles.end();
}

/// As in "must be a number, 1 to 60".
std::string wanted(const option& which) {
  auto text = type_text(which);
  return text.rfind("number", 0) == 0 || text.rfind("text", 0) == 0 ? "a " + text : text;
}

/// From the top of the file down; what has no line (a variable) stays where it is.
void sort_by_line(std::vector<settings_problem>& problems) {
  const auto line_of = [](const settings_problem& problem) {
    auto line = 0;
    const auto colon = problem.where.rfind(':');
    if (colon != std::string::npos)
      std::from_chars(problem.where.data() + colon + 1, problem.where.data() + problem.where.size(),
                      line);
    return line;
  };
  std::stable_sort(problems.begin(), problems.end(),
                   [&](const auto& a, const auto& b) { return line_of(a) < line_of(b); });
}

/// Reads values into one `settings`, noting mistakes and who said what.
class reader {
public:
  reader(std::string file, settings& into, std::vector<settings_problem>& problems,
         std::map<std::string, std::string>& sources)
      : file_(std::move(file)), into_(into), problems_(problems), sources_(sources) {}

  void table(const toml::table& table, const std::string& prefix) {
    for (const auto& [name, node] : table) {
      if (prefix.empty() && is_profile(name.str()) && node.is_table())
        continue; // read apart
      const auto key =
          prefix.empty() ? std::string{name.str()} : fmt::format("{}.{}", prefix, name.str());
      where_ = fmt::format("{}:{}", file_, node.source().begin.line);
      if (const auto* inner = node.as_table(); inner && !find_option(key))
        this->table(*inner, key);
      else
        value(key, node);
    }
  }

  /// A text from the environment.
  void text(const option& which, const std::string& given, const std::string& where) {
    where_ = where;
    store(which, given);
  }

private:
  void wrong(const std::string& what) { problems_.push_back({where_, what}); }

  void value(const std::string& key, const toml::node& node) {
    const auto* which = find_option(key);
    if (!which) {
      unknown(key);
      return;
    }
    switch (which->place.index()) {
    case 0:
      if (const auto* text = node.as_string())
        store(*which, text->get());
      else
        mistyped(*which);
      return;
    case 1:
      if (const auto* number = node.as_integer())
        store(*which, number->get());
      else
        mistyped(*which);
      return;
    case 2:
      if (const auto* flag = node.as_boolean())
        put<bool>(*which, flag->get());
      else
        mistyped(*which);
      return;
    default:
      ids(*which, node);
    }
  }

  void unknown(const std::string& key) {
    if (key.find("token") != std::string::npos) {
      wrong(fmt::format("{} does not belong here: tokens come from HEARTH_DISCORD_TOKEN or the "
                        "credential discord_token, never from a file that others may read",
                        key));
      return;
    }
    const auto nearest = nearest_key(key);
    wrong(nearest ? fmt::format("unknown option {}; did you mean {}?", key, *nearest)
                  : fmt::format("unknown option {}; config/README.md lists all", key));
  }
  void mistyped(const option& which) {
    wrong(fmt::format("{} must be {}", which.key, wanted(which)));
  }

  void store(const option& which, const std::string& text) {
    const auto& choices = which.choices;
    if (!choices.empty() && std::find(choices.begin(), choices.end(), text) == choices.end())
      wrong(fmt::format("{} is \"{}\"; it must be {}", which.key, text, wanted(which)));
    else if (choices.empty() && text.size() > static_cast<size_t>(which.max))
      wrong(fmt::format("{} is longer than {} bytes", which.key, which.max));
    else if (const auto trouble = which.check ? which.check(text) : std::string{}; !trouble.empty())
      wrong(fmt::format("{} is \"{}\": {}", which.key, text, trouble));
    else
      put<std::string>(which, text);
  }
  void store(const option& which, int64_t number) {
    if (number < which.min || number > which.max)
      wrong(fmt::format("{} is {}; it must be {}", which.key, number, wanted(which)));
    else
      put<int64_t>(which, number);
  }
  void ids(const option& which, const toml::node& node) {
    const auto* list = node.as_array();
    if (!list) {
      mistyped(which);
      return;
    }
    auto found = std::vector<user_id>{};
    for (const auto& element : *list) {
      const auto* text = element.as_string();
      const auto id = text ? parse_id<user_id>(text->get()) : std::nullopt;
      if (!id || !*id) {
        wrong(fmt::format("{} must be a list of ids as texts, such as [\"80351110224678912\"]",
                          which.key));
        return;
      }
      found.push_back(*id);
    }
    put<std::vector<user_id>>(which, std::move(found));
  }

  template <class T> void put(const option& which, T value) {
    *std::get<T* (*)(settings&)>(which.place)(into_) = std::move(value);
    sources_[std::string{which.key}] = where_;
  }

  std::string file_;
  std::string where_;
  settings& into_;
  std::vector<settings_problem>& problems_;
  std::map<std::string, std::string>& sources_;
};

/// Variables that are an option each; the others are read by whoever starts the daemon.
constexpr std::pair<const char*, const char*> option_variables[] = {
    {"HEARTH_DATA_DIR", "data.folder"},
    {"HEARTH_DISCORD_API", "discord.api"},
    {"HEARTH_PROFILE", "profile"},
};

void read_environment(const std::map<std::string, std::string>& environment, reader& into) {
  for (const auto& [variable, key] : option_variables)
    if (const auto found = environment.find(variable);
        found != environment.end() && !found->second.empty())
      into.text(*find_option(key), found->second, variable);
}

} // namespace

parsed_settings parse_settings(std::string_view text, const std::string& file,
                               const std::map<std::string, std::string>& environment) {
  auto parsed = parsed_settings{};
  auto root = toml::table{};
  try {
    root = toml::parse(text);
  } catch (const toml::parse_error& error) {
    parsed.problems.push_back(
        {fmt::format("{}:{}", file, error.source().begin.line), std::string{error.description()}});
    return parsed;
  }
  auto base = reader{file, parsed.value, parsed.problems, parsed.sources};
  base.table(root, "");
  // The profile decides which section counts, so the environment's word is needed first.
  read_environment(environment, base);
  for (const auto profile : profiles) {
    const auto* section = root[profile].as_table();
    if (!section)
      continue;
    auto scratch = settings{};
    auto ignored = std::map<std::string, std::string>{};
    const auto counts = profile == parsed.value.profile;
    auto own = reader{file, counts ? parsed.value : scratch, parsed.problems,
                      counts ? parsed.sources : ignored};
    if (section->contains("profile"))
      parsed.problems.push_back(
          {fmt::format("{}:{}", file, section->source().begin.line),
           fmt::format("[{}] may not choose the profile; that stands at the top", profile)});
    else
      own.table(*section, "");
  }
  auto repeated = std::vector<settings_problem>{}; // told above
  auto last = reader{file, parsed.value, repeated, parsed.sources};
  read_environment(environment, last);
  sort_by_line(parsed.problems);
  return parsed;
}

std::string problems_text(const std::vector<settings_problem>& problems) {
  auto text = std::string{};
  for (const auto& problem : problems)
    text += fmt::format("{}: {}\n", problem.where, problem.what);
  return text;
}

} // namespace hearth
