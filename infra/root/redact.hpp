#pragma once
// The last defence of secrets: what a log line must not contain is taken out, whoever wrote it.
// Pure.
#include <string>
#include <string_view>
#include <vector>

namespace hearth {

/// The text with "***" in place of
/// - each of `known` (at least 6 characters long: shorter ones would blot out words),
/// - anything of a bot token's shape: three parts of base64url joined by dots, of at least 18, 6
///   and 27 characters (discord-api 1.3),
/// - the token in paths of interactions and webhooks (/interactions/ID/TOKEN, /webhooks/ID/TOKEN);
/// and with control characters written as "\n", "\x1b": a member's name must not be able to fake
/// a line or to paint a terminal.
std::string redact(std::string_view text, const std::vector<std::string>& known);

} // namespace hearth
