#include "infra/clock/zone_time.hpp"
#include <algorithm>
#include <array>
#include <date/tz.h>
#include <utility>

namespace hearth {
namespace {

struct alias {
  std::string_view word; ///< Folded: lower case, no accents.
  std::string_view zone;
};
// Words that members type and that no zone name contains. Several zones for one word are offered in
// this order.
constexpr alias aliases[] = {
    {"acst", "Australia/Adelaide"},
    {"aest", "Australia/Sydney"},
    {"allemagne", "Europe/Berlin"},
    {"alaska", "America/Anchorage"},
    {"angleterre", "Europe/London"},
    {"autriche", "Europe/Vienna"},
    {"awst", "Australia/Perth"},
    {"barcelona", "Europe/Madrid"},
    {"beijing", "Asia/Shanghai"},
    {"belgique", "Europe/Brussels"},
    {"belgium", "Europe/Brussels"},
    {"bordeaux", "Europe/Paris"},
    {"boston", "America/New_York"},
    {"brazil", "America/Sao_Paulo"},
    {"bresil", "America/Sao_Paulo"},
    {"brt", "America/Sao_Paulo"},
    {"bst", "Europe/London"},
    {"canada", "America/Toronto"},
    {"canada", "America/Vancouver"},
    {"canada", "America/Edmonton"},
    {"canada", "America/Winnipeg"},
    {"canada", "America/Halifax"},
    {"canada", "America/St_Johns"},
    {"central", "America/Chicago"},
    {"cest", "Europe/Paris"},
    {"cet", "Europe/Paris"},
    {"cet", "Europe/Berlin"},
    {"china", "Asia/Shanghai"},
    {"chine", "Asia/Shanghai"},
    {"cst", "America/Chicago"},
    {"cdt", "America/Chicago"},
    {"denmark", "Europe/Copenhagen"},
    {"eastern", "America/New_York"},
    {"edt", "America/New_York"},
    {"eet", "Europe/Athens"},
    {"eest", "Europe/Athens"},
    {"england", "Europe/London"},
    {"espagne", "Europe/Madrid"},
    {"est", "America/New_York"},
    {"finland", "Europe/Helsinki"},
    {"france", "Europe/Paris"},
    {"germany", "Europe/Berlin"},
    {"gmt", "Europe/London"},
    {"greece", "Europe/Athens"},
    {"guadeloupe", "America/Guadeloupe"},
    {"hawaii", "Pacific/Honolulu"},
    {"hst", "Pacific/Honolulu"},
    {"inde", "Asia/Kolkata"},
    {"india", "Asia/Kolkata"},
    {"ireland", "Europe/Dublin"},
    {"irlande", "Europe/Dublin"},
    {"israel", "Asia/Jerusalem"},
    {"ist", "Asia/Kolkata"},
    {"italie", "Europe/Rome"},
    {"italy", "Europe/Rome"},
    {"japan", "Asia/Tokyo"},
    {"japon", "Asia/Tokyo"},
    {"jst", "Asia/Tokyo"},
    {"korea", "Asia/Seoul"},
    {"kst", "Asia/Seoul"},
    {"lille", "Europe/Paris"},
    {"lyon", "Europe/Paris"},
    {"maroc", "Africa/Casablanca"},
    {"marseille", "Europe/Paris"},
    {"mdt", "America/Denver"},
    {"mexico", "America/Mexico_City"},
    {"miami", "America/New_York"},
    {"milan", "Europe/Rome"},
    {"morocco", "Africa/Casablanca"},
    {"mountain", "America/Denver"},
    {"msk", "Europe/Moscow"},
    {"mst", "America/Denver"},
    {"mst", "America/Phoenix"},
    {"mumbai", "Asia/Kolkata"},
    {"munich", "Europe/Berlin"},
    {"nantes", "Europe/Paris"},
    {"netherlands", "Europe/Amsterdam"},
    {"new zealand", "Pacific/Auckland"},
    {"norway", "Europe/Oslo"},
    {"nouvelle caledonie", "Pacific/Noumea"},
    {"nst", "America/St_Johns"},
    {"nzst", "Pacific/Auckland"},
    {"pays bas", "Europe/Amsterdam"},
    {"pdt", "America/Los_Angeles"},
    {"poland", "Europe/Warsaw"},
    {"pologne", "Europe/Warsaw"},
    {"portugal", "Europe/Lisbon"},
    {"pst", "America/Los_Angeles"},
    {"quebec", "America/Toronto"},
    {"royaume uni", "Europe/London"},
    {"russia", "Europe/Moscow"},
    {"russie", "Europe/Moscow"},
    {"san francisco", "America/Los_Angeles"},
    {"scotland", "Europe/London"},
    {"seattle", "America/Los_Angeles"},
    {"south africa", "Africa/Johannesburg"},
    {"spain", "Europe/Madrid"},
    {"suede", "Europe/Stockholm"},
    {"suisse", "Europe/Zurich"},
    {"sweden", "Europe/Stockholm"},
    {"switzerland", "Europe/Zurich"},
    {"texas", "America/Chicago"},
    {"toulouse", "Europe/Paris"},
    {"turkey", "Europe/Istanbul"},
    {"turquie", "Europe/Istanbul"},
    {"ukraine", "Europe/Kyiv"},
    {"united kingdom", "Europe/London"},
    {"united states", "America/New_York"},
    {"united states", "America/Chicago"},
    {"united states", "America/Denver"},
    {"united states", "America/Los_Angeles"},
    {"usa", "America/New_York"},
    {"usa", "America/Chicago"},
    {"usa", "America/Denver"},
    {"usa", "America/Los_Angeles"},
    {"washington", "America/New_York"},
    {"west", "Europe/Lisbon"},
};

constexpr std::string_view well_known[] = {
    "Europe/Paris",      "Europe/London",    "America/New_York",    "America/Chicago",
    "America/Denver",    "America/Toronto",  "America/Los_Angeles", "Europe/Berlin",
    "America/Sao_Paulo", "Europe/Moscow",    "Asia/Kolkata",        "Asia/Shanghai",
    "Asia/Tokyo",        "Australia/Sydney", "Pacific/Auckland",    "UTC"};

constexpr std::string_view areas[] = {"Africa/", "America/",  "Antarctica/", "Arctic/",
                                      "Asia/",   "Atlantic/", "Australia/",  "Europe/",
                                      "Indian/", "Pacific/"};

/// The base letter of U+00C0..U+00FF by its second byte (the first is 0xC3); 0 where there is none.
char unaccented(unsigned char second) {
  constexpr std::string_view letters = "aaaaaaaceeeeiiiidnooooo ouuuuyts"
                                       "aaaaaaaceeeeiiiidnooooo ouuuuyty";
  static_assert(letters.size() == 64);
  const auto letter = second >= 0x80 && second < 0xc0 ? letters[second - 0x80] : ' ';
  return letter == ' ' ? '\0' : letter;
}

/// Lower case, accents off, '_' and '-' and other marks as one space.
std::string fold(std::string_view text) {
  auto folded = std::string{};
  for (auto at = size_t{0}; at < text.size(); ++at) {
    const auto c = static_cast<unsigned char>(text[at]);
    auto letter = '\0';
    if (c == 0xc3 && at + 1 < text.size())
      letter = unaccented(static_cast<unsigned char>(text[++at]));
    else if (c >= 'A' && c <= 'Z')
      letter = static_cast<char>(c + ('a' - 'A'));
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' || c == '+')
      letter = static_cast<char>(c);
    if (letter)
      folded += letter;
    else if (!folded.empty() && folded.back() != ' ')
      folded += ' ';
  }
  while (!folded.empty() && folded.back() == ' ')
    folded.pop_back();
  return folded;
}

struct folded_zone {
  std::string name;   ///< As tzdata writes it.
  std::string folded; ///< "america/new york"
};

const std::vector<folded_zone>& folded_zones() {
  static const auto all = [] {
    auto made = std::vector<folded_zone>{};
    for (const auto& name : zone_names())
      made.push_back({name, fold(name)});
    return made;
  }();
  return all;
}

/// 0 is best; -1 no match.
int rank(std::string_view zone, std::string_view wanted) {
  const auto city = zone.substr(zone.rfind('/') + 1); // npos + 1 is 0
  if (city == wanted || zone == wanted)
    return 0;
  if (city.substr(0, wanted.size()) == wanted)
    return 2;
  if (zone.substr(0, wanted.size()) == wanted)
    return 3;
  const auto at = zone.find(wanted);
  if (at == std::string_view::npos)
    return -1;
  return zone[at - 1] == ' ' || zone[at - 1] == '/' ? 4 : 5; // a word's beginning first
}

} // namespace

const std::vector<std::string>& zone_names() {
  static const auto names = [] {
    auto found = std::vector<std::string>{"UTC"};
    for (const auto& zone : date::get_tzdb().zones)
      for (const auto area : areas)
        if (zone.name().substr(0, area.size()) == area)
          found.push_back(zone.name());
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
  }();
  return names;
}

std::vector<std::string> search_zones(std::string_view typed, size_t limit) {
  const auto wanted = fold(typed.substr(0, 100));
  auto found = std::vector<std::pair<int, std::string>>{};
  if (wanted.empty())
    for (const auto zone : well_known)
      found.emplace_back(0, zone);
  else {
    for (const auto& zone : folded_zones())
      if (const auto how = rank(zone.folded, wanted); how >= 0)
        found.emplace_back(how, zone.name);
    for (const auto& [word, zone] : aliases)
      if (word.substr(0, wanted.size()) == wanted && is_valid_zone(zone))
        found.emplace_back(word == wanted ? 1 : 4, zone);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  auto names = std::vector<std::string>{};
  for (auto& [how, name] : found) {
    if (names.size() >= limit)
      break;
    if (std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(std::move(name));
  }
  return names;
}

} // namespace hearth
