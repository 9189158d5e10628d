#include "hearthctl/commands.hpp"
#include <fmt/format.h>
#include <map>
#include <set>

namespace hearth::ctl {
namespace {

std::string first_word(const std::string& name) { return name.substr(0, name.find(' ')); }

/// "--follow,-f" as two words.
std::string option_words(const command& one) {
  auto words = std::string{};
  for (auto option : one.options) {
    for (auto& c : option.name)
      c = c == ',' ? ' ' : c;
    words += " " + option.name;
  }
  return words;
}

} // namespace

std::string bash_completion() {
  auto words = std::string{};
  auto cases = std::string{};
  auto seen = std::set<std::string>{};
  for (const auto& one : commands()) {
    const auto word = first_word(one.name);
    if (seen.insert(word).second)
      words += (words.empty() ? "" : " ") + word;
    auto offers = std::string{};
    if (word != one.name)
      offers += " " + one.name.substr(word.size() + 1);
    auto files = false;
    for (const auto& argument : one.arguments) {
      files = files || argument.name == "FILE";
      for (const auto& choice : argument.choices)
        offers += " " + choice;
    }
    offers += option_words(one);
    cases += fmt::format("    {})\n      offers=\"{} $global\"\n{}      ;;\n", word,
                         offers.empty() ? "" : offers.substr(1), files ? "      files=1\n" : "");
  }
  return fmt::format(R"(# bash completion of hearthctl; printed by `hearthctl completion bash`.
_hearthctl() {{
  local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD-1]}}
  local global="--config --data --profile --connect --certificates --json --help"
  local offers="{} $global --version" files="" command="" skip="" word
  case $prev in
    --data | --certificates)
      mapfile -t COMPREPLY < <(compgen -d -- "$cur")
      return
      ;;
    --config)
      mapfile -t COMPREPLY < <(compgen -f -- "$cur")
      return
      ;;
    --profile)
      mapfile -t COMPREPLY < <(compgen -W "prod preprod sandbox" -- "$cur")
      return
      ;;
  esac
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    if [ -n "$skip" ]; then
      skip=""
      continue
    fi
    case $word in
      --config | --data | --profile | --connect | --certificates) skip=1 ;;
      -*) ;;
      *)
        command=$word
        break
        ;;
    esac
  done
  case $command in
{}  esac
  mapfile -t COMPREPLY < <(compgen -W "$offers" -- "$cur")
  if [ -n "$files" ]; then
    mapfile -t -O "${{#COMPREPLY[@]}}" COMPREPLY < <(compgen -f -- "$cur")
  fi
}}
complete -o filenames -F _hearthctl hearthctl
)",
                     words, cases);
}

} // namespace hearth::ctl
