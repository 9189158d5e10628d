// Files the user adds, as /sim/act takes them.

/** Limits of discord-api 2.5: 10 files of 10 MiB. */
export const FILES_MAX = 10;
const FILE_SIZE_MAX = 10 * 1024 * 1024;

/** {filename, content_type, data_base64} of a File; rejects when it is too big or unreadable. */
export function readFile(file) {
  if (file.size > FILE_SIZE_MAX)
    return Promise.reject(new Error(`${file.name} is larger than 10 MiB.`));
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () =>
      resolve({
        filename: file.name,
        content_type: file.type,
        data_base64: String(reader.result)
          .replace(/^[^,]*,/, '')
          .replace(/^data:$/, ''),
      }),
    );
    reader.addEventListener('error', () => reject(new Error(`${file.name} cannot be read.`)));
    reader.readAsDataURL(file);
  });
}
