//! A page as a browser parses it.

use html5ever::{ParseOpts, parse_document, tendril::TendrilSink, tree_builder::TreeBuilderOpts};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// The elements of a document, in document order.
pub struct Document(Vec<Element>);

/// An element, with the text of everything below it.
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub text: String,
}

impl Document {
    /// Parses a page as a browser does that runs scripts, or one that does not: `<noscript>` differs.
    pub fn parse(html: &str, scripting_enabled: bool) -> Self {
        let tree_builder = TreeBuilderOpts {
            scripting_enabled,
            ..TreeBuilderOpts::default()
        };
        let options = ParseOpts {
            tree_builder,
            ..ParseOpts::default()
        };
        let dom = parse_document(RcDom::default(), options).one(html);
        let mut elements = Vec::new();
        collect(&dom.document, &mut elements);
        Self(elements)
    }

    /// Names of all elements and of their attributes: what a text must not change.
    pub fn structure(&self) -> Vec<String> {
        let describe = |element: &Element| {
            let attributes = element.attributes.iter().map(|(name, _)| name.as_str());
            let names: Vec<_> = std::iter::once(element.name.as_str()).chain(attributes).collect();
            names.join(" ")
        };
        self.0.iter().map(describe).collect()
    }

    /// The texts of all elements of a name.
    pub fn texts(&self, name: &str) -> Vec<&str> {
        let named = self.0.iter().filter(|element| element.name == name);
        named.map(|element| element.text.as_str()).collect()
    }

    /// The values of an attribute, over all elements.
    pub fn values(&self, attribute: &str) -> Vec<&str> {
        let all = self.0.iter().flat_map(|element| &element.attributes);
        all.filter(|(name, _)| name == attribute)
            .map(|(_, value)| value.as_str())
            .collect()
    }
}

fn collect(node: &Handle, elements: &mut Vec<Element>) {
    if let NodeData::Element { name, attrs, .. } = &node.data {
        let attributes = attrs.borrow();
        let attributes = attributes
            .iter()
            .map(|attribute| (attribute.name.local.to_string(), attribute.value.to_string()));
        elements.push(Element {
            name: name.local.to_string(),
            attributes: attributes.collect(),
            text: text(node),
        });
    }
    for child in node.children.borrow().iter() {
        collect(child, elements);
    }
}

fn text(node: &Handle) -> String {
    match &node.data {
        NodeData::Text { contents } => contents.borrow().to_string(),
        _ => node.children.borrow().iter().map(text).collect(),
    }
}
