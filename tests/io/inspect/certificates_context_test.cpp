// Certificates: made once, private, checked before use, renewed in time; what is broken is made
// anew, what is good is left alone.
#include "infra/inspect/certificates_context.hpp"
#include "infra/inspect/sealed_file_context.hpp"
#include "infra/inspect/x509_context.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/temp_folder.hpp"
#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/stat.h>

using namespace hearth;
namespace fs = std::filesystem;

namespace {

constexpr int64_t day = 86'400'000;
constexpr int64_t now = int64_t{1'790'000'000} * 1'000; // 2026-09-21

std::string read(const std::string& path) {
  auto text = std::ostringstream{};
  text << std::ifstream{path}.rdbuf();
  return text.str();
}
int mode_of(const std::string& path) {
  struct stat facts = {};
  return ::lstat(path.c_str(), &facts) == 0 ? facts.st_mode & 0777 : -1;
}

struct fixture {
  test::temp_folder root;
  std::string folder = root.file("inspect");
  fixture() { REQUIRE(prepare_certificates(folder, now).trouble.empty()); }
  std::string good(inspect_right right, wire_end end, int64_t at = now) const {
    return certificate_trouble(folder, right, end, at);
  }
  bool all_good(int64_t at = now) const {
    return good(inspect_right::inspect, wire_end::daemon, at).empty() &&
           good(inspect_right::inspect, wire_end::client, at).empty() &&
           good(inspect_right::steer, wire_end::daemon, at).empty() &&
           good(inspect_right::steer, wire_end::client, at).empty();
  }
};

} // namespace

TEST_CASE("certificates: the first start makes six pairs, for the owner alone", "[inspect]") {
  const auto root = test::temp_folder{};
  const auto folder = root.file("inspect");
  const auto made = prepare_certificates(folder, now);
  CHECK(made.trouble.empty());
  CHECK(made.made.size() == 6);
  CHECK(mode_of(folder) == 0700);
  for (const auto& file : fs::directory_iterator{folder})
    CHECK(mode_of(file.path()) == 0600);
  CHECK(std::distance(fs::directory_iterator{folder}, {}) == 12);
  CHECK(prepare_certificates(folder, now).made.empty()); // and no second time
}

TEST_CASE_METHOD(fixture, "certificates: each is good for its end and right only", "[inspect]") {
  CHECK(all_good());
  const auto verify = [&](const std::string& leaf, const std::string& ca, bool server) {
    return verify_trouble(read_certificate(read(folder + "/" + leaf)),
                          read_certificate(read(folder + "/" + ca)), server, now);
  };
  CHECK(verify("inspect-client.pem", "inspect-ca.pem", false).empty());
  CHECK_FALSE(verify("inspect-client.pem", "inspect-ca.pem", true).empty());
  CHECK_FALSE(verify("inspect-server.pem", "inspect-ca.pem", false).empty());
  CHECK_FALSE(verify("inspect-client.pem", "steer-ca.pem", false).empty());
}

TEST_CASE_METHOD(fixture, "certificates: a clock of the past does not make them void",
                 "[inspect]") {                    // a Raspberry Pi has none at boot
  CHECK(all_good(int64_t{1'580'000'000} * 1'000)); // 2020-01-26
  const auto early = root.file("early");
  CHECK(prepare_certificates(early, 1'000).trouble.empty()); // 1970
}

TEST_CASE_METHOD(fixture, "certificates: those that end soon are made anew, authorities stay",
                 "[inspect]") {
  const auto authority = read(folder + "/inspect-ca.pem");
  CHECK(prepare_certificates(folder, now + 339 * day).made.empty());
  const auto made = prepare_certificates(folder, now + 341 * day);
  CHECK(made.made.size() == 4);
  CHECK(read(folder + "/inspect-ca.pem") == authority);
  CHECK(all_good(now + 700 * day));
  CHECK_FALSE(all_good(now + 742 * day));
}

TEST_CASE_METHOD(fixture, "certificates: an authority near its end takes all with it",
                 "[inspect]") {
  const auto authority = read(folder + "/inspect-ca.pem");
  CHECK(prepare_certificates(folder, now + 3'200 * day).made.size() == 6);
  CHECK_FALSE(read(folder + "/inspect-ca.pem") == authority);
}

TEST_CASE_METHOD(fixture, "certificates: what is broken is named, then mended", "[inspect]") {
  const auto path = folder + "/inspect-server.pem";
  SECTION("cut off") { std::ofstream{path} << "-----BEGIN CERTIFICATE-----\nMIIB"; }
  SECTION("gone") { fs::remove(path); }
  SECTION("of another key") {
    fs::copy_file(folder + "/inspect-client.pem", path, fs::copy_options::overwrite_existing);
  }
  SECTION("of another authority") {
    for (const auto* suffix : {".pem", ".key"})
      fs::copy_file(folder + "/steer-server" + suffix, folder + "/inspect-server" + suffix,
                    fs::copy_options::overwrite_existing);
  }
  const auto trouble = good(inspect_right::inspect, wire_end::daemon);
  CHECK(trouble.find(path) != std::string::npos);
  CHECK(good(inspect_right::inspect, wire_end::client).empty());
  const auto made = prepare_certificates(folder, now);
  CHECK(made.made == std::vector<std::string>{"inspect-server"});
  CHECK(all_good());
}

TEST_CASE_METHOD(fixture, "certificates: a file that others may read is not used", "[inspect]") {
  const auto key = folder + "/steer-client.key";
  fs::permissions(key, fs::perms::group_read, fs::perm_options::add);
  CHECK(good(inspect_right::steer, wire_end::client).find("chmod 600") != std::string::npos);
  prepare_certificates(folder, now); // who has read it must not be let in
  CHECK(good(inspect_right::steer, wire_end::client).empty());
}

TEST_CASE_METHOD(fixture, "certificates: a link in the place of a file or folder is not followed",
                 "[inspect]") {
  const auto key = folder + "/steer-client.key";
  fs::rename(key, root.file("elsewhere"));
  fs::create_symlink(root.file("elsewhere"), key);
  CHECK(good(inspect_right::steer, wire_end::client).find("plain file") != std::string::npos);
  fs::create_symlink(folder, root.file("link"));
  CHECK_FALSE(prepare_certificates(root.file("link"), now).trouble.empty());
}

TEST_CASE_METHOD(fixture, "certificates: without the authority's key they are used to their end",
                 "[inspect]") {
  fs::remove(folder + "/inspect-ca.key");
  const auto kept = read(folder + "/inspect-client.pem");
  CHECK(prepare_certificates(folder, now + 300 * day).made.empty());
  CHECK(prepare_certificates(folder, now + 350 * day).made.size() == 5); // 3 + the other's 2
  CHECK_FALSE(read(folder + "/inspect-client.pem") == kept);
}

TEST_CASE_METHOD(fixture, "certificates: a renewal makes leaves, or all", "[inspect]") {
  const auto before = list_certificates(folder);
  REQUIRE(before.size() == 6);
  CHECK(renew_certificates(folder, now, false).made.size() == 4);
  auto after = list_certificates(folder);
  for (auto i = size_t{0}; i < 6; ++i)
    CHECK((before[i].fingerprint == after[i].fingerprint) ==
          (before[i].name.find("-ca") != std::string::npos));
  CHECK(renew_certificates(folder, now, true).made.size() == 6);
  CHECK(all_good());
}

TEST_CASE_METHOD(fixture, "sealed file: the copy stays when the file goes", "[inspect]") {
  const auto path = folder + "/inspect-ca.pem";
  const auto text = read(path);
  auto copy = sealed_file::copy_of(path);
  REQUIRE(std::holds_alternative<sealed_file>(copy));
  const auto sealed = std::get<sealed_file>(std::move(copy));
  fs::remove(path);
  CHECK(read(sealed.path()) == text);
  CHECK(read(sealed.path()) == text); // from its beginning each time
  CHECK_FALSE(std::ofstream{sealed.path()} << "x" << std::flush);
  CHECK(std::holds_alternative<std::string>(sealed_file::copy_of(path)));
}
