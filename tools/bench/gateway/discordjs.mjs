// discord.js as the peer of the flood: its usual bot, cache on, counting what it handled.
import { createRequire } from 'node:module';

// The pinned package lies beside the tests.
const { Client, GatewayIntentBits } = createRequire(new URL('../../../tests/package.json', import.meta.url))('discord.js');

const [base, token] = process.argv.slice(2);
const client = new Client({
  intents: Object.values(GatewayIntentBits).filter((bit) => typeof bit === 'number'),
  rest: { api: `${base}/api` },
});
let handled = 0;
for (const name of ['messageCreate', 'presenceUpdate', 'typingStart', 'messageReactionAdd', 'voiceStateUpdate'])
  client.on(name, () => { handled += 1; });
client.on('clientReady', () => console.log('ready'));
process.on('SIGTERM', () => { console.log(`handled ${handled}`); process.exit(0); });
await client.login(token);
