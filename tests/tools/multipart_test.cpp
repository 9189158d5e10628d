#include "discord-sim/multipart.hpp"
#include "tests/support/catch.hpp"

namespace {
const std::string type = "multipart/form-data; boundary=XX";
const std::string body = "--XX\r\n"
                         "Content-Disposition: form-data; name=\"payload_json\"\r\n"
                         "Content-Type: application/json\r\n\r\n"
                         "{\"content\":\"hi\"}\r\n"
                         "--XX\r\n"
                         "content-disposition: form-data; name=\"files[0]\"; "
                         "filename=\"a \\\"b\\\".txt\"\r\n\r\n"
                         "line\r\n--X\r\nend\r\n"
                         "--XX--\r\n";
} // namespace

TEST_CASE("multipart: parts with names, files and data", "[sim][multipart]") {
  const auto parts = sim::parse_multipart(type, body);
  REQUIRE(parts);
  REQUIRE(parts->size() == 2);
  CHECK((*parts)[0].name == "payload_json");
  CHECK_FALSE((*parts)[0].is_file);
  CHECK((*parts)[0].content_type == "application/json");
  CHECK((*parts)[0].data == "{\"content\":\"hi\"}");
  CHECK((*parts)[1].is_file);
  CHECK((*parts)[1].filename == "a \"b\".txt");
  // Half a delimiter inside the data is data.
  CHECK((*parts)[1].data == "line\r\n--X\r\nend");
}

TEST_CASE("multipart: quoted boundary, empty part, browser escapes", "[sim][multipart]") {
  const std::string raw = "--a b\r\nContent-Disposition: form-data; name=\"x\"; "
                          "filename=\"q%22.png\"\r\n\r\n\r\n--a b--";
  const auto parts =
      sim::parse_multipart("Multipart/Form-Data; charset=utf-8; boundary=\"a b\"", raw);
  REQUIRE(parts);
  REQUIRE(parts->size() == 1);
  CHECK((*parts)[0].filename == "q\".png");
  CHECK((*parts)[0].data.empty());
}

TEST_CASE("multipart: every cut of a good body is refused, not misread", "[sim][multipart]") {
  const auto whole = body.size() - 2; // the last line break is optional
  for (std::size_t length = 0; length < whole; ++length)
    CHECK_FALSE(sim::parse_multipart(type, std::string_view{body}.substr(0, length)));
  CHECK(sim::parse_multipart(type, std::string_view{body}.substr(0, whole)));
}

TEST_CASE("multipart: refusals", "[sim][multipart]") {
  CHECK_FALSE(sim::parse_multipart("multipart/form-data", body));
  CHECK_FALSE(sim::parse_multipart("application/json; boundary=XX", body));
  CHECK_FALSE(sim::parse_multipart("multipart/form-data; boundary=" + std::string(71, 'X'), body));
  CHECK_FALSE(sim::parse_multipart(type, "--XX\r\nContent-Type: text/plain\r\n\r\nx\r\n--XX--"));
  CHECK_FALSE(sim::parse_multipart(type, body, 1));
  CHECK(sim::is_multipart(type));
  CHECK_FALSE(sim::is_multipart("application/json"));
}

TEST_CASE("multipart: file names lose paths and oddities", "[sim][multipart]") {
  CHECK(sim::safe_filename("my file.png") == "my_file.png");
  CHECK(sim::safe_filename("../../etc/passwd") == "passwd");
  CHECK(sim::safe_filename("C:\\x\\y.txt") == "y.txt");
  CHECK(sim::safe_filename("a\r\nb<script>.txt") == "abscript.txt");
  CHECK(sim::safe_filename("..") == "unknown");
  CHECK(sim::safe_filename("") == "unknown");
  CHECK(sim::safe_filename("été.txt") == "été.txt");
}
