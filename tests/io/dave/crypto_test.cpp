// Known answers of the standards for what OpenSSL does for us, and the refusals of its curve.
#include "infra/dave/failure.hpp"
#include "infra/dave/labels.hpp"
#include "infra/dave/openssl_context.hpp"
#include "tests/support/vectors.hpp"

using namespace hearth::dave;
using hearth::test::hex;
using hearth::test::unhex;

TEST_CASE("crypto: SHA-256, HMAC and HKDF give the standards' answers", "[dave]") {
  const auto& crypto = openssl_suite();
  // FIPS 180-4, "abc" and the empty message.
  CHECK(hex(crypto.sha256(bytes_of("abc"))) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex(crypto.sha256({})) ==
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  // RFC 4231, test case 2.
  CHECK(hex(crypto.hmac(bytes_of("Jefe"), bytes_of("what do ya want for nothing?"))) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  // RFC 5869, test cases 1 and 3 (no salt, no info).
  const auto material = bytes(22, 0x0b);
  const auto key = crypto.hmac(unhex(std::string("000102030405060708090a0b0c")), material);
  CHECK(hex(key) == "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
  CHECK(hex(hkdf_expand(crypto, key, unhex(std::string("f0f1f2f3f4f5f6f7f8f9")), 42)) ==
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  CHECK(hex(hkdf_expand(crypto, crypto.hmac({}, material), {}, 42)) ==
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST_CASE("crypto: AES-GCM gives the specification's answers and refuses changes", "[dave]") {
  const auto& crypto = openssl_suite();
  // McGrew and Viega, "The Galois/Counter Mode of Operation", test case 4.
  const auto key = unhex(std::string("feffe9928665731c6d6a8f9467308308"));
  const auto nonce = unhex(std::string("cafebabefacedbaddecaf888"));
  const auto plain = unhex(std::string("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a3"
                                       "18a721c3c0c95956809532fcf0e2449a6b525"
                                       "b16aedf5aa0de657ba637b39"));
  const auto aad = unhex(std::string("feedfacedeadbeeffeedfacedeadbeefabaddad2"));
  const auto sealed = aead_seal(crypto, key, nonce, aad, plain);
  CHECK(hex(sealed) == "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b2546"
                       "6931c7d8f6a5aac84aa05"
                       "1ba30b396a0aac973d58e0915bc94fbc3221a5db94fae95ae7121a47");
  CHECK(aead_open(crypto, key, nonce, aad, sealed) == plain);
  for (auto at = size_t{0}; at < sealed.size(); ++at) {
    auto changed = sealed;
    changed[at] ^= 1;
    CHECK_THROWS_AS(aead_open(crypto, key, nonce, aad, changed), failure);
  }
  CHECK_THROWS_AS(aead_open(crypto, key, nonce, {}, sealed), failure);
  CHECK_THROWS_AS(aead_open(crypto, key, nonce, aad, byte_view(sealed).first(15)), failure);

  // What did not fit leaves nothing readable behind.
  auto out = bytes(plain.size(), 0x55);
  const auto body = byte_view(sealed).first(plain.size());
  auto tag = to_bytes(byte_view(sealed).last(16));
  tag[0] ^= 1;
  CHECK_FALSE(crypto.aead(key)->open(nonce, aad, body, tag, out.data()));
  CHECK(out == bytes(plain.size(), 0));
}

TEST_CASE("crypto: HPKE gives RFC 9180's answers", "[dave]") {
  const auto& crypto = openssl_suite();
  // RFC 9180, A.3.1: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode, sequence 0.
  const auto info = unhex(std::string("4f6465206f6e2061204772656369616e2055726e"));
  const auto ephemeral = derive_key_pair(
      crypto,
      unhex(std::string("4270e54ffd08d79d5928020af4686d8f6b7d35dbe470265f1f5aa22816ce860e")));
  CHECK(hex(ephemeral.secret_key) ==
        "4995788ef4b9d6132b249ce59a77281493eb39af373d236a1fe415cb0c2d7beb");
  CHECK(hex(ephemeral.public_key) == "04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b3"
                                     "25ac98536d7b61a1af4b78e5b7f951c0900"
                                     "be863c403ce65c9bfcb9382657222d18c4");
  const auto receiver = derive_key_pair(
      crypto,
      unhex(std::string("668b37171f1072f3cf12ea8a236a45df23fc13b82af3609ad1e354f6ef817550")));
  CHECK(hex(receiver.secret_key) ==
        "f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2");
  const auto aad = bytes_of("Count-0");
  const auto plain = bytes_of("Beauty is truth, truth beauty");
  const auto sealed = hpke_seal(crypto, receiver.public_key, info, aad, plain, ephemeral);
  CHECK(sealed.kem_output == ephemeral.public_key);
  CHECK(
      hex(sealed.ciphertext) ==
      "5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f9076ac232e3ab2523f39513434");
  CHECK(equal(hpke_open(crypto, receiver.secret_key, info, aad, sealed), plain));
  CHECK_THROWS_AS(hpke_open(crypto, ephemeral.secret_key, info, aad, sealed), failure);
}

TEST_CASE("crypto: keys that are none are refused", "[dave]") {
  const auto& crypto = openssl_suite();
  const auto pair = random_key_pair(crypto);
  REQUIRE(pair.public_key.size() == point_size);
  CHECK(crypto.is_point(pair.public_key));
  const auto order =
      unhex(std::string("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"));
  CHECK(crypto.public_key(order).empty());
  CHECK(crypto.public_key(bytes(32, 0)).empty());
  CHECK(crypto.public_key(bytes(31, 1)).empty());
  CHECK(crypto.public_key(bytes(32, 0xff)).empty());
  auto beside = pair.public_key; // the invalid curve attack
  beside.back() ^= 1;
  CHECK_FALSE(crypto.is_point(beside));
  CHECK(crypto.agree(pair.secret_key, beside).empty());
  CHECK_FALSE(crypto.is_point(bytes{0})); // infinity
  CHECK_FALSE(crypto.is_point(bytes(65, 0)));
  CHECK_FALSE(crypto.is_point({}));
  const auto content = bytes_of("content");
  const auto signature = crypto.sign(pair.secret_key, content);
  CHECK(crypto.verify(pair.public_key, content, signature));
  auto compressed = to_bytes(byte_view(pair.public_key).first(33));
  compressed[0] = static_cast<uint8_t>(2 | (pair.public_key.back() & 1));
  CHECK(crypto.verify(compressed, content, signature));
  CHECK_FALSE(crypto.verify(beside, content, signature));
  CHECK_FALSE(crypto.verify(pair.public_key, bytes_of("other"), signature));
  CHECK_FALSE(crypto.verify(pair.public_key, content, {}));
  CHECK_FALSE(
      crypto.verify(pair.public_key, content, byte_view(signature).first(signature.size() - 1)));
  CHECK(crypto.same(bytes_of("abc"), bytes_of("abc")));
  CHECK_FALSE(crypto.same(bytes_of("abc"), bytes_of("abd")));
  CHECK_FALSE(crypto.same(bytes_of("abc"), bytes_of("ab")));
}
