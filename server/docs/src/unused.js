// What the component names, and does not use with a document that is parsed.
const unused = () => {
  throw new Error("the document is parsed already");
};
class Unused {
  constructor() {
    unused();
  }
}
export {
  Unused as Document,
  Unused as Parser,
  unused as AvroSchemaParser,
  unused as fromURL,
  unused as OpenAPISchemaParser,
  unused as ProtoBuffSchemaParser,
};
export const DiagnosticSeverity = {};
// `@asyncapi/specs`, of which only the version of the document is needed.
export default { schemas: { "3.0.0": {} } };
