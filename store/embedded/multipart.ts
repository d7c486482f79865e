/**
 * The text fields of a multipart/form-data body: how clients send parameters that are too long for a URL. Files are
 * refused with a TypeError, as are damaged bodies.
 */
export const readForm = async (contentType: string, body: Uint8Array): Promise<URLSearchParams> => {
  const form = await new Response(Buffer.from(body), { headers: { "content-type": contentType } }).formData();
  const fields = new URLSearchParams();
  for (const [name, value] of form) {
    if (typeof value !== "string") throw new TypeError(`form field ${name} is a file; only text fields are taken`);
    fields.append(name, value);
  }
  return fields;
};
