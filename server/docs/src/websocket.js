// The messages of the WebSockets.
import AsyncApi from "@asyncapi/react-component/lib/esm/without-parser.js";
import "@asyncapi/react-component/styles/default.min.css";
import { createElement } from "react";
import { createRoot } from "react-dom/client";

const answer = await fetch("/asyncapi.json");
const source = await answer.json();

const resolve = (value) => {
  if (Array.isArray(value)) return value.map(resolve);
  if (value === null || typeof value !== "object") return value;
  if (typeof value.$ref === "string") {
    const path = value.$ref.replace("#/", "").split("/");
    return resolve(path.reduce((found, name) => found[name], source));
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, resolve(member)]));
};

// What the parser adds to a document, as far as the component needs it.
const schema = { ...resolve(source), "x-parser-spec-parsed": true, "x-parser-api-version": 1 };
const channels = Object.values(schema.channels).map((channel) => channel.messages);
for (const messages of [schema.components.messages, ...channels]) {
  for (const [name, message] of Object.entries(messages)) message["x-parser-unique-object-id"] = name;
}

const content = document.getElementById("content");
createRoot(content).render(createElement(AsyncApi, { schema, config: { show: { errors: false }, schemaID: "" } }));

// The address may name a message, which is there only now, and moves while the rest is laid out; until the reader moves.
const target = decodeURIComponent(location.hash.slice(1));
const observer = new ResizeObserver(() => target && document.getElementById(target)?.scrollIntoView());
observer.observe(content);
for (const event of ["wheel", "pointerdown", "keydown"]) addEventListener(event, () => observer.disconnect(), { once: true });
