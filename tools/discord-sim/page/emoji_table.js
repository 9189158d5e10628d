// Unicode emoji the picker and :name: completion offer: "name emoji" pairs, most used first.
const TABLE = `
thumbsup 👍|thumbsdown 👎|heart ❤️|joy 😂|fire 🔥|eyes 👀|tada 🎉|pray 🙏|ok_hand 👌|clap 👏|wave 👋
muscle 💪|100 💯|white_check_mark ✅|x ❌|question ❓|exclamation ❗|warning ⚠️|star ⭐|sparkles ✨
zap ⚡|crown 👑|trophy 🏆|medal 🏅|gem 💎|smile 😄|grin 😁|slight_smile 🙂|wink 😉|blush 😊
heart_eyes 😍|sunglasses 😎|thinking 🤔|neutral_face 😐|unamused 😒|rolling_eyes 🙄|cry 😢|sob 😭
angry 😠|rage 😡|scream 😱|sweat_smile 😅|yum 😋|sleeping 😴|yawning_face 🥱|partying_face 🥳
clown 🤡|skull 💀|ghost 👻|robot 🤖|cat 🐱|dog 🐶|fox 🦊|bear 🐻|frog 🐸|owl 🦉|unicorn 🦄|turtle 🐢
snail 🐌|video_game 🎮|joystick 🕹️|game_die 🎲|dart 🎯|chess_pawn ♟️|soccer ⚽|basketball 🏀
musical_note 🎵|headphones 🎧|microphone 🎤|speaker 🔊|mute 🔇|alarm_clock ⏰|calendar 📅
hourglass ⏳|sunrise 🌅|sun ☀️|moon 🌙|cloud ☁️|rain 🌧️|snowflake ❄️|rainbow 🌈|coffee ☕|tea 🍵
beer 🍺|pizza 🍕|burger 🍔|cookie 🍪|cake 🍰|apple 🍎|pepper 🌶️|popcorn 🍿|one 1️⃣|two 2️⃣
three 3️⃣|four 4️⃣|five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|ten 🔟|hash #️⃣
arrow_left ⬅️|arrow_right ➡️|arrow_up ⬆️|arrow_down ⬇️|repeat 🔁|plus ➕|minus ➖
heavy_check_mark ✔️|red_circle 🔴|green_circle 🟢|blue_circle 🔵|bell 🔔|mega 📣|pushpin 📌|link 🔗
lock 🔒|key 🔑|bulb 💡|gear ⚙️|hammer 🔨|shield 🛡️|crossed_swords ⚔️|bow 🏹|rocket 🚀|house 🏠
campfire 🏕️|candle 🕯️|books 📚|memo 📝|moneybag 💰|coin 🪙|gift 🎁|balloon 🎈`;

export const EMOJI = TABLE.trim()
  .split(/[|\n]/)
  .map((pair) => {
    const cut = pair.lastIndexOf(' ');
    return { name: pair.slice(0, cut), char: pair.slice(cut + 1) };
  });
