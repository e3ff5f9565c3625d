//! Paths with a parameter.

/// The pattern of a path with at most one parameter, which is a whole segment: `/timers/{id}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathPattern(pub &'static str);

impl PathPattern {
    /// The parameter's value in a path that matches, empty without a parameter.
    pub fn matches(self, path: &str) -> Option<&str> {
        let Some((before, rest)) = self.0.split_once('{') else {
            return (path == self.0).then_some("");
        };
        let after = rest.split_once('}').map(|(_, after)| after).unwrap_or_default();
        let value = path.strip_prefix(before)?.strip_suffix(after)?;
        (!value.is_empty() && !value.contains('/')).then_some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_one_segment() {
        let timer = PathPattern("/timers/{id}");
        assert_eq!(timer.matches("/timers/1"), Some("1"));
        for path in ["/timers/", "/timers", "/timers/1/2", "/", "/todos/1"] {
            assert_eq!(timer.matches(path), None, "{path}");
        }
        assert_eq!(PathPattern("/a/{id}/b").matches("/a/1/b"), Some("1"));
        assert_eq!(PathPattern("/").matches("/"), Some(""));
        assert_eq!(PathPattern("/").matches("/x"), None);
    }
}
