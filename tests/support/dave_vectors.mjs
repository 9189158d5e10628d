// Records tests/data/dave/davey-*.json: scripted groups of davey and ts-mls members with everything a test needs to
// follow them. Keys are random, so the bytes differ each time. Usage: node tests/support/dave_vectors.mjs
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  daveEncrypt,
  DaveyMember,
  daveParse,
  Gateway,
  hex,
  inspectCommit,
  keyPackageRef,
  ratchetKey,
  splitCommitWelcome,
  TsMember,
  un,
  welcomeFor,
} from './dave_peer.mjs';

// ---------------------------------------------------------------- demo
function assert(c, m) {
  if (!c) throw new Error('FAILED: ' + m);
  console.log('  ok  ' + m);
}

async function demo() {
  const out = fileURLToPath(new URL('../data/dave/', import.meta.url));
  const CH = '927310423890473011',
    A = '158049329150427136',
    B = '158533742254751744',
    C = '1090123456789012345',
    D = '80351110224678912';
  const users = [A, B, C, D];
  const gw = new Gateway(CH),
    ext = gw.externalSender();
  const a = new DaveyMember(A, CH),
    b = new DaveyMember(B, CH),
    c = new TsMember(C, CH),
    d = new DaveyMember(D, CH);
  for (const m of [a, b, c, d]) m.setExternalSender(ext);
  const tr = {
    note: 'byte-exact transcript; all values hex unless numeric; op 27 payload = operation byte + vector',
    channel_id: CH,
    group_id: hex(gw.groupId),
    external_sender: hex(ext),
    external_sender_private_scalar: hex(gw.kp.priv),
    users: { A, B, C, D },
    signature_private: { A: hex(a.sig.private), B: hex(b.sig.private), D: hex(d.sig.private) },
    steps: [],
  };
  const step = (o) => {
    tr.steps.push(o);
  };

  console.log('1. initial group: A and B (davey), both pending, epoch 0');
  const kpA = a.keyPackage(),
    kpB = b.keyPackage();
  const pB = gw.add(0, kpB),
    pA = gw.add(0, kpA);
  const cwA = a.proposals(Gateway.appendPayload([pB.message]), users);
  const cwB = b.proposals(Gateway.appendPayload([pA.message]), users);
  assert(cwA && cwB, 'both davey members produced commit+welcome');
  let { commit, welcome } = splitCommitWelcome(cwA);
  console.log('     commit:', JSON.stringify(inspectCommit(commit)));
  a.commit(commit);
  b.welcome(welcomeFor(welcome, kpB));
  assert(a.authenticator() === b.authenticator() && a.epoch() === 1, 'A and B agree in epoch 1');
  step({
    name: 'initial',
    proposals_to_A: hex(Gateway.appendPayload([pB.message])),
    proposals_to_B: hex(Gateway.appendPayload([pA.message])),
    proposal_refs: { pA: hex(pA.ref), pB: hex(pB.ref) },
    key_packages: { A: hex(kpA), B: hex(kpB) },
    key_package_refs: { A: hex(keyPackageRef(kpA)), B: hex(keyPackageRef(kpB)) },
    committer: 'A',
    commit_welcome_A: hex(cwA),
    losing_commit_welcome_B: hex(cwB),
    commit: hex(commit),
    welcome_B: hex(welcomeFor(welcome, kpB)),
    commit_info: inspectCommit(commit),
    epoch: 1,
    epoch_authenticator: a.authenticator(),
    voice_privacy_code: a.s.voicePrivacyCode,
  });
  const opus = crypto.randomBytes(120);
  let e = a.encrypt(opus);
  assert(Buffer.compare(b.decrypt(A, e), opus) === 0, 'A->B opus frame decrypts');
  console.log(
    '     frame trailer',
    hex(e.subarray(-14)),
    'parsed',
    JSON.stringify({ ...daveParse(e), tag: undefined, ct: undefined }),
  );
  e = b.encrypt(opus);
  assert(Buffer.compare(a.decrypt(B, e), opus) === 0, 'B->A opus frame decrypts');
  const va = await a.s.getVerificationCode(B),
    vb = await b.s.getVerificationCode(A);
  assert(va === vb, 'pairwise verification codes match ' + va);
  step({
    name: 'fingerprint',
    pub_A: hex(a.sig.public),
    pub_B: hex(b.sig.public),
    fingerprint: hex(await a.s.getPairwiseFingerprint(0, B)),
    code: va,
  });

  console.log('2. C (ts-mls) joins; B commits (davey), add only');
  const kpC = await c.keyPackage();
  let p = gw.add(1, kpC);
  const opl = Gateway.appendPayload([p.message]);
  const c1 = a.proposals(opl, users),
    c2 = b.proposals(opl, users);
  ({ commit, welcome } = splitCommitWelcome(c2));
  console.log('     commit:', JSON.stringify(inspectCommit(commit)));
  a.commit(commit);
  b.commit(commit);
  const wC = welcomeFor(welcome, kpC);
  await c.welcome(wC);
  assert(
    a.authenticator() === b.authenticator() && b.authenticator() === c.authenticator(),
    'A, B, C agree in epoch 2',
  );
  const frames = [];
  const grab = (m, id, n) => {
    for (let i = 0; i < n; i++) {
      const pl = crypto.randomBytes(20 + i * 37);
      const enc = m.encrypt(pl);
      frames.push({ sender: id, plaintext: hex(pl), frame: hex(enc), nonce: daveParse(enc).nonce });
    }
  };
  grab(a, A, 4);
  grab(b, B, 4);
  for (const f of frames)
    assert(
      hex(c.decrypt(f.sender, un(f.frame))) === f.plaintext,
      `C decrypts ${f.sender} nonce ${f.nonce} with exported key`,
    );
  let ce = c.encrypt(opus, 1);
  assert(Buffer.compare(a.decrypt(C, ce), opus) === 0, 'A decrypts C frame, nonce 1');
  const big = 0x01000005;
  ce = c.encrypt(opus, big);
  let genOk = true;
  try {
    genOk = Buffer.compare(a.decrypt(C, ce), opus) === 0;
  } catch (x) {
    genOk = String(x.message || x);
  }
  console.log('     generation-1 frame right after epoch start ->', genOk);
  step({
    name: 'C_joins',
    key_package_C: hex(kpC),
    proposals: hex(opl),
    proposal_ref: hex(p.ref),
    committer: 'B',
    commit_welcome_A_losing: hex(c1),
    commit_welcome_B: hex(c2),
    commit: hex(commit),
    welcome_C: hex(wC),
    commit_info: inspectCommit(commit),
    epoch: 2,
    epoch_authenticator: c.authenticator(),
    exporter_secret: hex(c.exporterSecret()),
  });

  console.log('3. D (davey) joins; C (ts-mls) commits, add only');
  const kpD = d.keyPackage();
  p = gw.add(2, kpD);
  const opl3 = Gateway.appendPayload([p.message]);
  a.proposals(opl3, users);
  b.proposals(opl3, users);
  const c3 = await c.proposals(opl3);
  ({ commit, welcome } = splitCommitWelcome(c3));
  console.log('     commit:', JSON.stringify(inspectCommit(commit)));
  a.commit(commit);
  b.commit(commit);
  await c.commit(commit);
  d.welcome(welcomeFor(welcome, kpD));
  assert(
    new Set([a, b, c, d].map((m) => m.authenticator())).size === 1 && c.epoch() === 3,
    'A, B, C, D agree in epoch 3 (commit by ts-mls accepted by davey)',
  );
  step({
    name: 'D_joins',
    proposals: hex(opl3),
    committer: 'C',
    key_package_D: hex(kpD),
    commit_welcome_C: hex(c3),
    commit: hex(commit),
    welcome_D: hex(welcomeFor(welcome, kpD)),
    epoch: 3,
    epoch_authenticator: a.authenticator(),
  });

  console.log('4. B removed; A commits (path required)');
  p = gw.remove(3, b.leaf());
  const opl4 = Gateway.appendPayload([p.message]);
  const c4 = a.proposals(opl4, users);
  d.proposals(opl4, users);
  await c.proposals(opl4);
  ({ commit, welcome } = splitCommitWelcome(c4));
  console.log('     commit:', JSON.stringify(inspectCommit(commit)), 'welcome', welcome && welcome.length);
  a.commit(commit);
  d.commit(commit);
  await c.commit(commit);
  assert(new Set([a, c, d].map((m) => m.authenticator())).size === 1 && c.epoch() === 4, 'A, C, D agree in epoch 4');
  const f4 = [];
  for (const [m, id] of [
    [a, A],
    [d, D],
  ]) {
    const pl = crypto.randomBytes(77),
      enc = m.encrypt(pl);
    f4.push({ sender: id, plaintext: hex(pl), frame: hex(enc), nonce: daveParse(enc).nonce });
  }
  for (const f of f4)
    assert(hex(c.decrypt(f.sender, un(f.frame))) === f.plaintext, `C decrypts ${f.sender} in epoch 4`);
  step({
    name: 'B_removed',
    proposals: hex(opl4),
    committer: 'A',
    commit_welcome_A: hex(c4),
    commit: hex(commit),
    commit_info: inspectCommit(commit),
    epoch: 4,
    epoch_authenticator: a.authenticator(),
  });

  console.log('5. one batch: remove A, re-add B (new key package); C commits with path + welcome');
  b.s.reinit(1, B, CH, b.sig);
  b.setExternalSender(ext);
  const kpB2 = b.keyPackage();
  const pr = gw.remove(4, a.leaf()),
    pa = gw.add(4, kpB2);
  const opl5 = Gateway.appendPayload([pr.message, pa.message]);
  const c5 = await c.proposals(opl5);
  const c5d = d.proposals(opl5, users);
  ({ commit, welcome } = splitCommitWelcome(c5));
  console.log('     commit:', JSON.stringify(inspectCommit(commit)));
  d.commit(commit);
  await c.commit(commit);
  b.welcome(welcomeFor(welcome, kpB2));
  assert(
    new Set([b, c, d].map((m) => m.authenticator())).size === 1 && c.epoch() === 5,
    'B, C, D agree in epoch 5 (ts-mls path commit + path_secret in welcome accepted by davey)',
  );
  step({
    name: 'batch_remove_add',
    proposals: hex(opl5),
    committer: 'C',
    commit_welcome_C: hex(c5),
    losing_commit_welcome_D: hex(c5d),
    commit: hex(commit),
    welcome_B: hex(welcomeFor(welcome, kpB2)),
    key_package_B2: hex(kpB2),
    commit_info: inspectCommit(commit),
    epoch: 5,
    epoch_authenticator: d.authenticator(),
  });

  console.log('6. append then revoke: Add(A2) appended, revoked, then Remove(D)');
  a.s.reinit(1, A, CH, a.sig);
  a.setExternalSender(ext);
  const kpA2 = a.keyPackage();
  const pX = gw.add(5, kpA2);
  const oX = Gateway.appendPayload([pX.message]),
    oR = Gateway.revokePayload([pX.ref]);
  const r1 = b.proposals(oX, users),
    r2 = b.proposals(oR, users);
  assert(r1 && !r2, 'revoke of the only proposal leaves nothing to commit (davey returns no commit)');
  const pD = gw.remove(5, d.leaf());
  const oD = Gateway.appendPayload([pD.message]);
  const c6 = b.proposals(oD, users);
  await c.proposals(oD);
  ({ commit, welcome } = splitCommitWelcome(c6));
  b.commit(commit);
  await c.commit(commit);
  assert(b.authenticator() === c.authenticator() && c.epoch() === 6, 'B, C agree in epoch 6');
  const f6 = [];
  {
    const pl = crypto.randomBytes(3),
      enc = b.encrypt(pl);
    f6.push({ sender: B, plaintext: hex(pl), frame: hex(enc), nonce: daveParse(enc).nonce });
  }
  step({
    name: 'revoke_then_remove',
    append: hex(oX),
    revoke: hex(oR),
    revoked_ref: hex(pX.ref),
    proposals: hex(oD),
    commit: hex(commit),
    commit_info: inspectCommit(commit),
    epoch: 6,
    epoch_authenticator: b.authenticator(),
  });

  console.log('7. negative: wrong epoch / unknown user / tampered frame / silence');
  const sil = un('f8fffe');
  assert(hex(b.decrypt(C, sil)) === 'f8fffe', 'silence frame passes through davey unchanged');
  console.log('     davey encryptOpus(silence) ->', hex(b.encrypt(sil)));
  const t = Buffer.from(b.encrypt(opus));
  t[3] ^= 1;
  let bad = false;
  try {
    b.decrypt(B, t);
  } catch {
    bad = true;
  }
  assert(bad, 'tampered frame rejected');
  let unk = null;
  try {
    unk = b.proposals(Gateway.appendPayload([gw.add(6, kpA2).message]), [B, C]);
  } catch (x) {
    unk = 'throws: ' + (x.message || x);
  }
  console.log('     add for unrecognised user ->', unk && unk.length > 80 ? 'commit' : unk);

  // media-only vectors with chosen keys/nonces (our own code; independently checked against davey above)
  const base = crypto.createHash('sha256').update('media vector').digest().subarray(0, 16);
  const media = [];
  for (const n of [1, 2, 127, 128, 16383, 16384, 0x00ffffff, 0x01000000, 0x0100007f, 0xff000001, 0xffffffff]) {
    const pl = crypto
      .createHash('sha512')
      .update('frame' + n)
      .digest()
      .subarray(0, 3 + (n % 60));
    const k = ratchetKey(base, n >>> 24);
    media.push({ nonce: n, generation: n >>> 24, key: hex(k), plaintext: hex(pl), frame: hex(daveEncrypt(k, n, pl)) });
  }
  fs.writeFileSync(path.join(out, 'davey-transcript.json'), JSON.stringify(tr, null, 1) + '\n');
  fs.writeFileSync(
    path.join(out, 'davey-media-frames.json'),
    JSON.stringify(
      { note: 'base_secret -> ratchet -> frame, produced by dave_vectors.mjs', base_secret: hex(base), frames: media },
      null,
      1,
    ) + '\n',
  );
  await passiveScenario(out, 40);
  console.log('written davey-{transcript,passive-member,media-frames}.json');
}

// A longer life of one group seen by a ts-mls member P that never commits; all of P's private keys
// are in the file, so any implementation can replay it: welcome, then proposals+commit per epoch.
async function passiveScenario(out, nEpochs) {
  console.log('8. passive member scenario');
  const CH = '1234567890123456789',
    P = '1499999999999999999',
    gw = new Gateway(CH),
    ext = gw.externalSender();
  const pool = Array.from({ length: 12 }, (_, i) => String(200000000000000000n + BigInt(i) * 7919n));
  const users = [...pool, P];
  let seed = 12345;
  const rnd = (n) => ((seed = (seed * 1103515245 + 12345) & 0x7fffffff), (seed >> 8) % n);
  const mk = (id) => {
    const m = new DaveyMember(id, CH);
    m.setExternalSender(ext);
    return m;
  };
  let x = mk(pool[0]),
    y = mk(pool[1]);
  const kx = x.keyPackage(),
    ky = y.keyPackage();
  void kx;
  let cw = splitCommitWelcome(x.proposals(Gateway.appendPayload([gw.add(0, ky).message]), users));
  x.commit(cw.commit);
  y.welcome(welcomeFor(cw.welcome, ky));
  const live = new Map([
      [x.id, x],
      [y.id, y],
    ]),
    p = new TsMember(P, CH);
  p.setExternalSender(ext);
  const doc = {
    note:
      'Member P view. Join with welcome and the private keys, then for every later epoch feed proposals (op 27 ' +
      'payload) and commit (op 29 payload after the transition id). base_secrets are exported for the LE64 user ' +
      'id, keys are ratchet generations 0..2.',
    channel_id: CH,
    user_id: P,
    group_id: hex(gw.groupId),
    external_sender: hex(ext),
    epochs: [],
  };
  let epoch = 1;
  const snap = (o) => {
    const bs = {},
      ks = {},
      frames = [];
    for (const id of [...live.keys(), P]) {
      const b = p.baseSecret(id);
      bs[id] = hex(b);
      ks[id] = [0, 1, 2].map((g) => hex(ratchetKey(b, g)));
    }
    for (const m of [...live.values()].slice(0, 3)) {
      const pl = crypto.randomBytes(10 + rnd(90)),
        e = m.encrypt(pl);
      frames.push({ sender: m.id, plaintext: hex(pl), frame: hex(e) });
      if (hex(p.decrypt(m.id, e)) !== hex(pl)) throw new Error('frame');
      const mine = p.encrypt(pl, 1);
      if (Buffer.compare(m.decrypt(P, mine), pl)) throw new Error('own frame');
    }
    for (const m of live.values())
      if (m.authenticator() !== p.authenticator() || m.epoch() !== epoch) throw new Error('diverged in epoch ' + epoch);
    const g = p.state.groupContext;
    doc.epochs.push({
      ...o,
      epoch,
      leaf_index: p.leaf(),
      members: [...live.keys(), P],
      epoch_authenticator: p.authenticator(),
      tree_hash: hex(g.treeHash),
      confirmed_transcript_hash: hex(g.confirmedTranscriptHash),
      exporter_secret: hex(p.exporterSecret()),
      base_secrets: bs,
      keys: ks,
      frames,
    });
  };
  let ops = { join: 0, leave: 0, batch: 0 };
  while (doc.epochs.length < nEpochs) {
    const adds = [],
      rems = [],
      absent = pool.filter((id) => !live.has(id));
    if (epoch === 4) adds.push('P');
    else {
      const k = rnd(4);
      if (live.size < 4 || (k < 2 && absent.length)) {
        const n = 1 + rnd(2);
        for (let i = 0; i < n && i < absent.length; i++) adds.push(absent[i]);
      }
      if ((k >= 2 || rnd(3) === 0) && live.size > 4) {
        const ids = [...live.keys()];
        rems.push(ids[rnd(ids.length)]);
      }
    }
    if (!adds.length && !rems.length) continue;
    ops.join += adds.length;
    ops.leave += rems.length;
    if (adds.length && rems.length) ops.batch++;
    const msgs = rems.map((id) => gw.remove(epoch, live.get(id).leaf()).message),
      fresh = [];
    for (const id of adds) {
      const m = id === 'P' ? p : mk(id),
        kp = await m.keyPackage();
      fresh.push([m, kp]);
      msgs.push(gw.add(epoch, kp).message);
    }
    const payload = Gateway.appendPayload(msgs);
    const stay = [...live.values()].filter((m) => !rems.includes(m.id));
    const winner = stay[rnd(stay.length)];
    let win = null;
    for (const m of stay) {
      const r = m.proposals(payload, users);
      if (m === winner) win = r;
    }
    if (p.state) await p.observe(payload);
    const s = splitCommitWelcome(win);
    for (const m of stay) m.commit(s.commit);
    if (p.state) await p.commit(s.commit);
    epoch++;
    for (const id of rems) live.delete(id);
    for (const [m, kp] of fresh) {
      const w = welcomeFor(s.welcome, kp);
      await m.welcome(w);
      if (m !== p) live.set(m.id, m);
      else {
        doc.key_package = hex(kp);
        doc.key_package_ref = hex(keyPackageRef(kp));
        doc.private = p.privateKeys();
        doc.welcome = hex(w);
      }
    }
    if (p.state)
      snap(
        doc.epochs.length
          ? { proposals: hex(payload), commit: hex(s.commit), has_path: inspectCommit(s.commit).hasPath }
          : {},
      );
  }
  fs.writeFileSync(path.join(out, 'davey-passive-member.json'), JSON.stringify(doc, null, 1) + '\n');
  assert(
    true,
    `${doc.epochs.length} epochs, joins ${ops.join}, leaves ${ops.leave}, mixed ${ops.batch}; all agreed in all of them`,
  );
}

await demo();
