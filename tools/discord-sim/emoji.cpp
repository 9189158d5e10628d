#include "discord-sim/emoji.hpp"

#include "discord-sim/unicode.hpp"

#include <algorithm>
#include <iterator>

namespace sim {

using nlohmann::json;

namespace {

struct range {
  char32_t first;
  char32_t last;
};

/// Blocks of the Unicode emoji charts; generous, so that no emoji a client offers is refused.
constexpr range pictures[] = {
    {0x00a9, 0x00a9}, {0x00ae, 0x00ae},  {0x203c, 0x203c}, {0x2049, 0x2049}, {0x2122, 0x2122},
    {0x2139, 0x2139}, {0x2190, 0x21ff},  {0x2300, 0x23ff}, {0x24c2, 0x24c2}, {0x25a0, 0x27bf},
    {0x2900, 0x297f}, {0x2b00, 0x2bff},  {0x3030, 0x3030}, {0x303d, 0x303d}, {0x3297, 0x3297},
    {0x3299, 0x3299}, {0x1f000, 0x1faff}};

bool is_picture(char32_t point) {
  return std::any_of(std::begin(pictures), std::end(pictures),
                     [=](range r) { return point >= r.first && point <= r.last; });
}

/// Variation selector, joiner, keycap, and the tag letters of sub-national flags.
bool is_joint(char32_t point) {
  return point == 0xfe0f || point == 0x200d || point == 0x20e3 ||
         (point >= 0xe0020 && point <= 0xe007f);
}

bool is_key(char32_t point) {
  return (point >= U'0' && point <= U'9') || point == U'#' || point == U'*';
}

} // namespace

bool is_unicode_emoji(std::string_view text) {
  const auto points = code_points(text);
  if (points.empty() || points.size() > 16)
    return false;
  if (is_key(points.front()))
    return points.size() > 1 && points.back() == 0x20e3 &&
           std::all_of(points.begin() + 1, points.end(), is_joint);
  if (!is_picture(points.front()))
    return false;
  bool joined = false;
  std::size_t flag_letters = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto point = points[i];
    const bool skin = point >= 0x1f3fb && point <= 0x1f3ff;
    const bool flag = point >= 0x1f1e6 && point <= 0x1f1ff;
    flag_letters += flag ? 1 : 0;
    if (!is_joint(point) && !is_picture(point))
      return false;
    // A second picture needs a joiner before it, or it is a second emoji.
    if (i > 0 && is_picture(point) && !skin && !joined && !(flag && flag_letters == 2))
      return false;
    joined = point == 0x200d;
  }
  return true;
}

std::optional<json> parse_reaction_emoji(std::string_view text) {
  if (is_unicode_emoji(text))
    return json{{"id", nullptr}, {"name", text}};
  if (text.substr(0, 2) == "a:")
    text.remove_prefix(2);
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0)
    return std::nullopt;
  const auto id = parse_snowflake(text.substr(colon + 1));
  if (!id || valid_utf8(text) != text)
    return std::nullopt;
  return json{{"id", std::to_string(*id)}, {"name", text.substr(0, colon)}};
}

bool same_emoji(const json& left, const json& right) {
  const auto left_id = left.value("id", json{});
  const auto right_id = right.value("id", json{});
  if (!left_id.is_null() || !right_id.is_null())
    return left_id == right_id;
  return left.value("name", json{}) == right.value("name", json{});
}

void check_component_emoji(const form_fields& parent, std::string_view key) {
  const auto* emoji = parent.object(key);
  if (emoji == nullptr)
    return;
  const form_fields fields{*emoji, parent.at() / key, parent.errors()};
  const auto id = fields.snowflake("id");
  const auto name = fields.text("name");
  fields.boolean("animated");
  if (!id && (!name || !is_unicode_emoji(*name)))
    parent.errors().add(parent.at() / key / "name", "BUTTON_COMPONENT_INVALID_EMOJI",
                        "Invalid emoji");
}

} // namespace sim
