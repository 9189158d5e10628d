// @discordjs/voice as the peer: one bot that plays a file in a voice channel of each of its guilds, DAVE on, by its usual
// ffmpeg pipeline (ffmpeg encodes Opus, the process packs and encrypts).
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import tls from 'node:tls';
import { fileURLToPath, pathToFileURL } from 'node:url';
import fs from 'node:fs';

const [base, token, authority, file, pauseMs] = process.argv.slice(2);
tls.setDefaultCACertificates([...tls.getCACertificates('default'), fs.readFileSync(authority, 'utf8')]);
const here = path.dirname(fileURLToPath(import.meta.url));
const packages = createRequire(path.join(here, '../../../tests/package.json'));
const load = (name) => import(pathToFileURL(packages.resolve(name)));
const { Client, Events, GatewayIntentBits } = await load('discord.js');
const {
  createAudioPlayer, createAudioResource, entersState, joinVoiceChannel, NoSubscriberBehavior, VoiceConnectionStatus,
} = await load('@discordjs/voice');

const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildVoiceStates],
  rest: { api: `${base}/api`, retries: 0 },
});
process.on('SIGTERM', () => process.exit(0));
const ready = once(client, Events.ClientReady);
await client.login(token);
await ready;
for (const guild of client.guilds.cache.values()) {
  const channel = guild.channels.cache.find((one) => one.name === 'channel-4');
  const connection = joinVoiceChannel({
    channelId: channel.id, guildId: guild.id, adapterCreator: guild.voiceAdapterCreator, selfDeaf: true,
  });
  await entersState(connection, VoiceConnectionStatus.Ready, 20000);
  // Plain frames go out before there is a group: it waits, as a careful bot does.
  while (!connection.state.networking.state.dave.session.ready) await new Promise((resolve) => setTimeout(resolve, 20));
  const player = createAudioPlayer({ behaviors: { noSubscriber: NoSubscriberBehavior.Play } });
  connection.subscribe(player);
  player.play(createAudioResource(file));
  await new Promise((resolve) => setTimeout(resolve, Number(pauseMs)));
}
