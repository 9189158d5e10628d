// DAVE peers that share no code with ours: davey (Rust, OpenMLS) and ts-mls, and a Gateway that plays the voice
// gateway's part in MLS: external sender, signed Add and Remove proposals, references for revocation, commit and
// Welcome taken apart, a Welcome for each joiner. tests/interop/dave.test.mjs lets members of ours live among them;
// tests/support/dave_vectors.mjs records tests/data/dave/.
import crypto from 'node:crypto';
import { createRequire } from 'node:module';

const davey = createRequire(import.meta.url)('@snazzah/davey');
const TSMLS = new URL('../node_modules/ts-mls/dist/src/', import.meta.url).href; // more than the package exports
const ts = await import(TSMLS + 'index.js');
const tsKp = await import(TSMLS + 'keyPackage.js');
const tsEnc = await import(TSMLS + 'codec/tlsEncoder.js');
const tsState = await import(TSMLS + 'clientState.js');
const tsWelcome = await import(TSMLS + 'welcome.js');

const hex = (b) => Buffer.from(b).toString('hex');
const un = (h) => Buffer.from(h, 'hex');

// ---------------------------------------------------------------- codec
const u8 = (v) => Buffer.from([v]);
const u16 = (v) => {
  const b = Buffer.alloc(2);
  b.writeUInt16BE(v);
  return b;
};
const u32 = (v) => {
  const b = Buffer.alloc(4);
  b.writeUInt32BE(v >>> 0);
  return b;
};
const u64 = (v) => {
  const b = Buffer.alloc(8);
  b.writeBigUInt64BE(BigInt(v));
  return b;
};
const cat = (...p) => Buffer.concat(p);
const vlen = (n) => {
  if (n < 0x40) return Buffer.from([n]);
  if (n < 0x4000) return u16(0x4000 | n);
  if (n < 0x40000000) return u32(0x80000000 + n);
  throw new Error('vector too long');
};
const vec = (b) => cat(vlen(b.length), b);

class Rd {
  constructor(b) {
    this.b = Buffer.from(b);
    this.o = 0;
  }
  left() {
    return this.b.length - this.o;
  }
  take(n) {
    if (this.left() < n) throw new Error('short read');
    const s = this.b.subarray(this.o, this.o + n);
    this.o += n;
    return s;
  }
  u8() {
    return this.take(1)[0];
  }
  u16() {
    return this.take(2).readUInt16BE();
  }
  u32() {
    return this.take(4).readUInt32BE();
  }
  u64() {
    return this.take(8).readBigUInt64BE();
  }
  vlen() {
    const f = this.u8(),
      p = f >> 6;
    let v = f & 0x3f;
    if (p === 3) throw new Error('bad varint prefix');
    const n = (1 << p) - 1;
    for (let i = 0; i < n; i++) v = v * 256 + this.u8();
    if (p && v < (p === 1 ? 0x40 : 0x4000)) throw new Error('non-minimal varint');
    return v;
  }
  vec() {
    return this.take(this.vlen());
  }
}

// --------------------------------------------------------------- crypto
const sha256 = (b) => crypto.createHash('sha256').update(b).digest();
const hmac = (k, b) => crypto.createHmac('sha256', k).update(b).digest();
const hkdfExpand = (prk, info, len) => {
  let t = Buffer.alloc(0),
    out = Buffer.alloc(0),
    i = 1;
  while (out.length < len) {
    t = hmac(prk, cat(t, info, u8(i++)));
    out = cat(out, t);
  }
  return out.subarray(0, len);
};
const expandWithLabel = (secret, label, ctx, len) =>
  hkdfExpand(secret, cat(u16(len), vec(Buffer.from('MLS 1.0 ' + label)), vec(ctx)), len);
const deriveSecret = (s, label) => expandWithLabel(s, label, Buffer.alloc(0), 32);
const deriveTreeSecret = (s, label, gen, len) => expandWithLabel(s, label, u32(gen), len);
const refHash = (label, value) => sha256(cat(vec(Buffer.from(label)), vec(value)));
const mlsExporter = (exporterSecret, label, ctx, len) =>
  expandWithLabel(deriveSecret(exporterSecret, label), 'exported', sha256(ctx), len);

function p256() {
  const { privateKey, publicKey } = crypto.generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const j = privateKey.export({ format: 'jwk' });
  const b = (s) => Buffer.from(s, 'base64url');
  return { key: privateKey, pub: cat(u8(4), b(j.x), b(j.y)), priv: b(j.d) };
}
const signWithLabel = (key, label, content) =>
  crypto.sign('sha256', cat(vec(Buffer.from('MLS 1.0 ' + label)), vec(content)), key); // DER
const verifyWithLabel = (pub, label, content, sig) =>
  crypto.verify(
    'sha256',
    cat(vec(Buffer.from('MLS 1.0 ' + label)), vec(content)),
    crypto.createPublicKey({
      format: 'jwk',
      key: {
        kty: 'EC',
        crv: 'P-256',
        x: pub.subarray(1, 33).toString('base64url'),
        y: pub.subarray(33).toString('base64url'),
      },
    }),
    sig,
  );
// ------------------------------------------------------------- gateway
const snowBE = (id) => u64(BigInt(id));
const snowLE = (id) => {
  const b = Buffer.alloc(8);
  b.writeBigUInt64LE(BigInt(id));
  return b;
};

export class Gateway {
  constructor(channelId) {
    this.groupId = snowBE(channelId);
    this.kp = p256();
    this.identity = Buffer.from('peer.mjs voice gateway');
  }
  externalSender() {
    return cat(vec(this.kp.pub), u16(1), vec(this.identity));
  }
  // framed content for an external-sender proposal; returns {message, ref}
  proposal(epoch, proposalBody) {
    const content = cat(vec(this.groupId), u64(epoch), u8(2), u32(0), vec(Buffer.alloc(0)), u8(2), proposalBody);
    const tbs = cat(u16(1), u16(1), content); // version, wire_format; no GroupContext for external senders
    const sig = signWithLabel(this.kp.key, 'FramedContentTBS', tbs);
    const message = cat(u16(1), u16(1), content, vec(sig)); // no membership tag
    const ref = refHash('MLS 1.0 Proposal Reference', cat(u16(1), content, vec(sig)));
    return { message, ref };
  }
  add(epoch, keyPackage) {
    return this.proposal(epoch, cat(u16(1), keyPackage));
  }
  remove(epoch, leaf) {
    return this.proposal(epoch, cat(u16(3), u32(leaf)));
  }
  static appendPayload(msgs) {
    return cat(u8(0), vec(cat(...msgs)));
  } // op 27 payload after the opcode
  static revokePayload(refs) {
    return cat(u8(1), vec(cat(...refs.map(vec))));
  }
}

// Skip over an MLSMessage(PublicMessage(commit)) to find where the Welcome starts.
function skipLeafNode(r) {
  r.vec();
  r.vec();
  const ct = r.u16();
  if (ct !== 1) throw new Error('credential ' + ct);
  r.vec();
  for (let i = 0; i < 5; i++) r.vec();
  const src = r.u8();
  if (src === 1) {
    r.u64();
    r.u64();
  } else if (src === 3) r.vec();
  r.vec();
  r.vec();
}
export function inspectCommit(b) {
  const r = new Rd(b),
    out = {};
  if (r.u16() !== 1 || r.u16() !== 1) throw new Error('not a PublicMessage');
  out.groupId = hex(r.vec());
  out.epoch = Number(r.u64());
  out.senderType = r.u8();
  out.sender = r.u32();
  r.vec();
  out.contentType = r.u8();
  if (out.contentType !== 3) throw new Error('not a commit');
  const pr = new Rd(r.vec());
  out.proposals = [];
  while (pr.left()) {
    const t = pr.u8();
    if (t !== 2) throw new Error('inline proposal');
    out.proposals.push(hex(pr.vec()));
  }
  out.hasPath = r.u8() === 1;
  if (out.hasPath) {
    skipLeafNode(r);
    const nodes = new Rd(r.vec());
    out.pathNodes = [];
    while (nodes.left()) {
      nodes.vec();
      const cts = new Rd(nodes.vec());
      let n = 0;
      while (cts.left()) {
        cts.vec();
        cts.vec();
        n++;
      }
      out.pathNodes.push(n);
    }
  }
  out.signatureLen = r.vec().length;
  out.confirmationTag = hex(r.vec());
  out.membershipTag = hex(r.vec());
  out.length = r.o;
  return out;
}
export function inspectWelcome(b) {
  const r = new Rd(b);
  const suite = r.u16();
  const rawSecrets = r.vec();
  const s = new Rd(rawSecrets);
  const entries = [];
  while (s.left()) {
    const st = s.o;
    const ref = s.vec();
    s.vec();
    s.vec();
    entries.push({ ref: hex(ref), raw: hex(s.b.subarray(st, s.o)) });
  }
  const egi = r.vec();
  return { suite, entries, encryptedGroupInfo: hex(egi), length: r.o };
}
const keyPackageRef = (kp) => refHash('MLS 1.0 KeyPackage Reference', kp);
export function welcomeFor(welcome, keyPackage) {
  // what op 30 carries: only the target's entry
  const w = inspectWelcome(welcome),
    ref = hex(keyPackageRef(keyPackage));
  const e = w.entries.filter((x) => x.ref === ref);
  if (e.length !== 1) throw new Error('no welcome entry for key package');
  return cat(u16(w.suite), vec(un(e[0].raw)), vec(un(w.encryptedGroupInfo)));
}
export function splitCommitWelcome(b) {
  // op 28 payload
  const n = inspectCommit(b).length;
  return { commit: b.subarray(0, n), welcome: n < b.length ? b.subarray(n) : null };
}

// ------------------------------------------------------------- members
export class DaveyMember {
  constructor(userId, channelId) {
    this.id = userId;
    this.channelId = channelId;
    this.sig = davey.generateP256Keypair();
    this.s = new davey.DAVESession(1, userId, channelId, this.sig);
  }
  setExternalSender(b) {
    this.s.setExternalSender(b);
  }
  keyPackage() {
    return (this.kp = this.s.getSerializedKeyPackage());
  }
  proposals(payload, users) {
    const r = this.s.processProposals(payload[0], payload.subarray(1), users);
    return r.commit ? (r.welcome ? cat(r.commit, r.welcome) : r.commit) : null;
  }
  commit(b) {
    this.s.processCommit(b);
  }
  welcome(b) {
    this.s.processWelcome(b);
  }
  authenticator() {
    return hex(this.s.getEpochAuthenticator());
  }
  epoch() {
    return Number(this.s.epoch);
  }
  leaf() {
    return this.s.ownLeafIndex;
  }
  privacyCode() {
    return this.s.voicePrivacyCode;
  }
  async fingerprint(other) {
    return {
      fingerprint: hex(await this.s.getPairwiseFingerprint(0, other)),
      code: await this.s.getVerificationCode(other),
    };
  }
  encrypt(f) {
    return this.s.encryptOpus(f);
  }
  decrypt(id, f) {
    return this.s.decrypt(id, davey.MediaType.AUDIO, f);
  }
}

const cs = await ts.getCiphersuiteImpl(
  ts.getCiphersuiteFromName('MLS_128_DHKEMP256_AES128GCM_SHA256_P256'),
  ts.nobleCryptoProvider,
);
const caps = {
  versions: ['mls10'],
  ciphersuites: ['MLS_128_DHKEMP256_AES128GCM_SHA256_P256'],
  extensions: [],
  proposals: [],
  credentials: ['basic'],
};
const life = { notBefore: 0n, notAfter: 0xffffffffffffffffn };
const cfg = {
  ...(await import(TSMLS + 'clientConfig.js')).defaultClientConfig,
  lifetimeConfig: { maximumTotalLifetime: 0xffffffffffffffffn, validateLifetimeOnReceive: false },
};

export class TsMember {
  constructor(userId, channelId) {
    this.id = userId;
    this.groupId = snowBE(channelId);
  }
  setExternalSender(b) {
    this.extRaw = b;
    this.ext = [{ extensionType: 'external_senders', extensionData: vec(b) }];
  }
  async keyPackage() {
    this.sigKeys ??= p256(); // ts-mls makes compressed signature keys by itself; DAVE's are not
    const r = await ts.generateKeyPackageWithKey(
      { credentialType: 'basic', identity: snowBE(this.id) },
      caps,
      life,
      [],
      { signKey: new Uint8Array(this.sigKeys.priv), publicKey: new Uint8Array(this.sigKeys.pub) },
      cs,
    );
    this.pub = r.publicPackage;
    this.priv = r.privatePackage;
    this.pending = null;
    this.state = null;
    return (this.kp = Buffer.from(tsEnc.encode(tsKp.keyPackageEncoder)(this.pub)));
  }
  async observe(payload) {
    // ts-mls 1.6.4 decodes external_senders as one ExternalSender instead of a vector, so the external signature is
    // checked here and the proposal is put into the state below that check. A revocation starts over without it.
    const list = new Rd(new Rd(payload.subarray(1)).vec());
    if (payload[0] === 1) {
      while (list.left()) {
        const ref = hex(list.vec());
        this.observed = (this.observed ?? []).filter((x) => x.ref !== ref);
      }
    } else {
      while (list.left()) {
        const rest = list.b.subarray(list.o),
          size = ts.decodeMlsMessage(new Uint8Array(rest), 0)[1];
        const raw = Buffer.from(rest.subarray(0, size));
        list.o += size;
        (this.observed ??= []).push({ raw, ref: hex(refHash('MLS 1.0 Proposal Reference', raw.subarray(2))) });
      }
    }
    let st = this.state;
    for (const { raw } of this.observed) st = await this.withProposal(st, raw);
    this.withProps = st;
  }
  async withProposal(st, raw) {
    const pm = ts.decodeMlsMessage(new Uint8Array(raw), 0)[0].publicMessage,
      sig = Buffer.from(pm.auth.signature);
    const tbs = raw.subarray(0, raw.length - vec(sig).length);
    const pub = new Rd(this.extRaw).vec();
    if (pm.content.epoch !== st.groupContext.epoch || pm.content.sender.senderType !== 'external')
      throw new Error('bad proposal');
    if (!verifyWithLabel(pub, 'FramedContentTBS', tbs, sig)) throw new Error('external signature');
    return tsState.processProposal(
      st,
      { wireformat: 'mls_public_message', content: pm.content, auth: pm.auth },
      pm.content.proposal,
      cs.hash,
    );
  }
  async proposals(payload) {
    await this.observe(payload);
    const st = this.withProps;
    if (this.observed.length === 0) return null;
    const r = await ts.createCommit(
      { state: st, cipherSuite: cs },
      { wireAsPublicMessage: true, ratchetTreeExtension: true },
    );
    this.pending = r.newState;
    const c = Buffer.from(
      tsEnc.encode(ts.mlsMessageEncoder ?? (await import(TSMLS + 'message.js')).mlsMessageEncoder)(r.commit),
    );
    this.pendingCommit = c;
    return r.welcome ? cat(c, Buffer.from(tsEnc.encode(tsWelcome.welcomeEncoder)(r.welcome))) : c;
  }
  async commit(b) {
    if (this.pendingCommit && Buffer.compare(b, this.pendingCommit) === 0) this.state = this.pending;
    else {
      const d = ts.decodeMlsMessage(new Uint8Array(b), 0);
      this.state = (
        await ts.processPublicMessage(
          this.withProps ?? this.state,
          d[0].publicMessage,
          ts.emptyPskIndex,
          cs,
          ts.acceptAll,
        )
      ).newState;
    }
    this.pending = this.pendingCommit = this.withProps = this.observed = null;
  }
  async welcome(b) {
    const w = tsWelcome.decodeWelcome(new Uint8Array(b), 0)[0];
    this.state = await ts.joinGroup(w, this.pub, this.priv, ts.emptyPskIndex, cs, undefined, undefined, cfg);
    this.pending = this.pendingCommit = this.withProps = this.observed = null;
  }
  authenticator() {
    return hex(this.state.keySchedule.epochAuthenticator);
  }
  epoch() {
    return Number(this.state.groupContext.epoch);
  }
  leaf() {
    return this.state.privatePath.leafIndex;
  }
  exporterSecret() {
    return Buffer.from(this.state.keySchedule.exporterSecret);
  }
  baseSecret(userId) {
    return mlsExporter(this.exporterSecret(), 'Discord Secure Frames v0', snowLE(userId), 16);
  }
  privateKeys() {
    // scalars, 32 bytes big endian, hex
    const raw = (k) => {
      k = Buffer.from(k);
      return hex(k.length === 32 ? k : k);
    };
    return {
      init: raw(this.priv.initPrivateKey),
      leaf: raw(this.priv.hpkePrivateKey),
      signature: raw(this.priv.signaturePrivateKey),
    };
  }
  encrypt(f, nonce) {
    return daveEncrypt(ratchetKey(this.baseSecret(this.id), nonce >>> 24), nonce, f);
  }
  decrypt(id, f) {
    const p = daveParse(f);
    return daveDecrypt(ratchetKey(this.baseSecret(id), p.nonce >>> 24), p, f);
  }
}

// ------------------------------------------------- DAVE media frames
export function ratchetKey(base, generation) {
  let s = base;
  for (let g = 0; ; g++) {
    if (g === generation) return deriveTreeSecret(s, 'key', g, 16);
    s = deriveTreeSecret(s, 'secret', g, 32);
  }
}
const leb = (v) => {
  const o = [];
  while (v >= 0x80) {
    o.push(0x80 | (v & 0x7f));
    v = Math.floor(v / 128);
  }
  o.push(v);
  return Buffer.from(o);
};
const fullNonce = (n) => {
  const b = Buffer.alloc(12);
  b.writeUInt32LE(n >>> 0, 8);
  return b;
};
export function daveEncrypt(key, nonce, frame) {
  const c = crypto.createCipheriv('aes-128-gcm', key, fullNonce(nonce));
  const ct = cat(c.update(frame), c.final()),
    tag = c.getAuthTag().subarray(0, 8),
    n = leb(nonce);
  return cat(ct, tag, n, u8(8 + n.length + 1 + 2), un('fafa'));
}
export function daveParse(f) {
  if (f.length < 11 || f.readUInt16BE(f.length - 2) !== 0xfafa) return null;
  const size = f[f.length - 3];
  if (size < 11 || size > f.length) return null;
  const sup = f.subarray(f.length - size);
  let o = 8,
    v = 0,
    m = 1;
  for (;;) {
    const b = sup[o++];
    v += (b & 0x7f) * m;
    m *= 128;
    if (!(b & 0x80)) break;
  }
  return {
    size,
    tag: sup.subarray(0, 8),
    nonce: v,
    ranges: hex(sup.subarray(o, size - 3)),
    ct: f.subarray(0, f.length - size),
  };
}
export function daveDecrypt(key, p) {
  const d = crypto.createDecipheriv('aes-128-gcm', key, fullNonce(p.nonce), { authTagLength: 8 });
  d.setAuthTag(p.tag);
  return cat(d.update(p.ct), d.final());
}

export { hex, un, u8, u16, u32, u64, cat, vec, Rd, refHash, keyPackageRef, snowBE, snowLE };
