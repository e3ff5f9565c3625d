// Bundles the renderers into `dist/`, from which `server/build.rs` takes them into the binary.
import { readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";

// The component is made for documents that are parsed in the browser: by code that is compiled from schemas, which the pages'
// policy forbids. Ours is valid, and has local references only, so nothing of it is needed but the types of a parsed document.
const replaced = {
  "@asyncapi/parser": "./src/parsed.js",
  "@asyncapi/parser/cjs/document": "./src/parsed.js",
};
for (const name of [
  "@asyncapi/avro-schema-parser",
  "@asyncapi/openapi-schema-parser",
  "@asyncapi/protobuf-schema-parser",
  "@asyncapi/specs",
  "@stoplight/spectral-core",
  "@stoplight/types",
]) {
  replaced[name] = "./src/unused.js";
}

const { outputFiles } = await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ["src/rest.js", "src/websocket.js", "src/frame.css"],
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  alias: replaced,
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
  write: false,
});
for (const { path, text } of outputFiles) {
  // An unchanged file keeps its time, so that the server is not compiled again.
  if ((await readFile(path, "utf8").catch(() => "")) !== text) await writeFile(path, text);
}
