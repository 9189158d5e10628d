#pragma once
// Discord's error answers (discord-api 15.1-15.3). Handlers throw, the router catches and answers.
#include "discord-sim/form_errors.hpp"
#include "discord-sim/http.hpp"

namespace sim {

/// Thrown by REST handlers; becomes the answer.
struct api_error {
  int status = 400;
  int code = 0;
  std::string message;
  json errors = nullptr; ///< the tree of 50035, null = key absent

  http_response to_response() const;
};

/// The error of a documented code with its status and wire text (15.3), e.g. `fail(10003)`.
/// Codes without an entry there are a mistake of the caller and answer 500.
[[nodiscard]] api_error fail(int code);

/// 50035 with one leaf. `path` is dotted: "embeds.0.title"; "" = the whole body.
[[nodiscard]] api_error form_error(std::string_view path, std::string code, std::string text);

/// Throws 50035 with everything collected, if anything was.
void check(const form_errors& errors);

} // namespace sim
