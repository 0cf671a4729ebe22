// Records each buffer into which the Worker has read a body, and the size of each when it began. Imported before the Worker.

export const buffers = [];
export const sizes = [];

const { readAtLeast } = ReadableStreamBYOBReader.prototype;

ReadableStreamBYOBReader.prototype.readAtLeast = async function (...values) {
  sizes.push(values[1].byteLength);
  const result = await readAtLeast.apply(this, values);
  if (result.value) buffers.push(result.value.buffer);
  return result;
};
