// Records each buffer into which the Worker has read a body. Imported before the Worker.

export const buffers = [];

const { readAtLeast } = ReadableStreamBYOBReader.prototype;

ReadableStreamBYOBReader.prototype.readAtLeast = async function (...values) {
  const result = await readAtLeast.apply(this, values);
  if (result.value) buffers.push(result.value.buffer);
  return result;
};
