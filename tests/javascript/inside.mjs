import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What a component's module declares under these names, although it exports nothing but what Streamlit calls. */
export async function inside(component, ...names) {
  const text = readFileSync(join(process.env.SERVED, `${component}.mjs`), "utf-8");
  return import(`data:text/javascript,${encodeURIComponent(`${text}\nexport { ${names.join(", ")} };`)}`);
}
