// hearthd with its voice on a sandbox, and what a person there hears of it.
import fs from 'node:fs/promises';
import path from 'node:path';
import { Daemon } from './daemon.mjs';
import { until } from './sandbox.mjs';

/** Starts hearthd so that it trusts the sandbox's voice server; `settings`: more of its TOML. Sounds: folder/sounds. */
export async function startVoiceDaemon(sandbox, cast, settings = '') {
  const daemon = await Daemon.make(sandbox);
  const authority = path.join(daemon.folder, 'ca.pem');
  await fs.writeFile(authority, await (await fetch(`${sandbox.base}/sim/voice/ca.pem`)).text());
  await fs.writeFile(path.join(daemon.folder, 'hearth.toml'),
    `[voice]\nca_file = "${authority}"\n[sound]\nfolder = "${path.join(daemon.folder, 'sounds')}"\n${settings}`);
  await daemon.start('--config', path.join(daemon.folder, 'hearth.toml'));
  await daemon.online(cast.owner);
  await until('the commands', async () => {
    const { guilds: [guild] } = await sandbox.state(cast.owner);
    return guild.commands.some((known) => known.name === 'rain');
  });
  return daemon;
}

/** Runs a slash command and wants an answer that is no failure. */
export async function command(sandbox, as, channel, name, options = []) {
  const said = await sandbox.act(as, 'command', { channel_id: channel, name, options, wait_for: 'final', wait_ms: 15000 });
  if (!said.ok) throw new Error(`/${name}: ${JSON.stringify(said)}`);
  return said;
}

/** The voice session of a bot as the voice server has it. */
export async function sessionOf(sandbox, id) {
  const { sessions } = await sandbox.call('GET', '/sim/voice');
  return sessions.find((one) => one.user_id === id);
}

/** A person's recorder: begin(file), then end() for its figures. */
export const recorder = (sandbox, as) => ({
  begin: (file) => sandbox.call('POST', '/sim/voice/record', { as, file }),
  end: () => sandbox.call('POST', '/sim/voice/record', { as, stop: true }),
});
